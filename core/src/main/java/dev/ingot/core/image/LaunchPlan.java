package dev.ingot.core.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How to start a captured program again: its command line, with the place where the agent goes.
 *
 * @param before arguments of the {@code java} launcher before the agent
 * @param agentOptions options of the agent without {@code resume}, {@code devices} and {@code determinism}
 * @param after the remaining arguments
 */
public record LaunchPlan(
        String workingDirectory,
        String javaHome,
        Map<String, String> environment,
        List<String> before,
        List<String> agentOptions,
        List<String> after) {
    private static final String AGENT = "-javaagent:";
    private static final String FIRST_VARIABLE = "JAVA_TOOL_OPTIONS";
    private static final String RESUME = "resume=";
    /** Says where the image before this one went on, and nothing of this one. */
    private static final String DEVICES = "devices=";

    private static final String DETERMINISM = "determinism=";

    private static final String KEY = "key=";
    private static final String TRUSTED = "trusted=";
    private static final String SIGN = "sign=";
    private static final String IMAGES = "images=";
    private static final String LOG_FILE = "log-file=";

    private static final String STACK_SIZE = "-Xss";
    private static final String STACK_FLAG = "-XX:ThreadStackSize=";
    /** What threads have that are not told otherwise, at the least of the platforms HotSpot runs on. */
    private static final int USUAL_STACK_KB = 1 << 10;
    /** Frames for which there is room on any stack. */
    private static final int SURE_FRAME_BYTES = 32 << 10;
    /** Of a stack, for what is not frames of the program. */
    private static final int RESERVED_STACK_BYTES = 256 << 10;

    private static final int SPARE_STACK_KB = 2 << 10;
    /** More the JVM does not take. */
    private static final int LARGEST_STACK_KB = 1 << 20;

    private static final String FILE_FORMAT = "ingot-launch-1";

    public LaunchPlan {
        environment = Map.copyOf(environment);
        before = List.copyOf(before);
        agentOptions = List.copyOf(agentOptions);
        after = List.copyOf(after);
    }

    /**
     * Takes the agent out of the process's command line; where the environment brought it, out of that. Other agents stay
     * where they are, and this one goes behind them: their classes are not to be found before they start, and the image may hold
     * objects of them.
     */
    public static LaunchPlan of(ProcessDescription process) {
        Agents agents = new Agents(Path.of(process.workingDirectory()));
        Map<String, String> environment = new TreeMap<>();
        // The JVM starts the agents of this variable before those of its command line, and those of others after them.
        String first = process.environment().get(FIRST_VARIABLE);
        if (first != null) {
            environment.put(FIRST_VARIABLE, agents.takenOutOf(first));
        }
        CommandLine line = CommandLine.parse(process.arguments());
        List<String> others = new ArrayList<>(line.options());
        int place = Math.max(agents.takeOutOf(others), endOfAgents(others));
        process.environment()
                .forEach((name, value) -> environment.computeIfAbsent(name, absent -> agents.takenOutOf(value)));
        List<String> after = new ArrayList<>(others.subList(place, others.size()));
        after.addAll(line.program());
        return new LaunchPlan(
                process.workingDirectory(),
                process.jdk().home(),
                environment,
                others.subList(0, place),
                agents.options,
                after);
    }

    private static int endOfAgents(List<String> options) {
        int end = 0;
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).startsWith(AGENT)) {
                end = i + 1;
            }
        }
        return end;
    }

    /**
     * The plan that was made when the image was taken. What it says of the agent was seen then, when its jar was there.
     *
     * @throws ImageException if the image's launch file cannot be read or is damaged
     */
    public static LaunchPlan of(ImageHandle image) throws ImageException {
        try {
            return fromFile(new String(image.launchBytes(), StandardCharsets.UTF_8));
        } catch (IndexOutOfBoundsException | NoSuchElementException | NumberFormatException malformed) {
            throw ImageException.corrupt(image.launch(), 0, "it does not have the form of a launch file");
        }
    }

    private static LaunchPlan fromFile(String text) {
        Iterator<String> words = List.of(text.split("\0", -1)).iterator();
        List<String> head = take(4, words);
        Map<String, String> environment = new TreeMap<>();
        for (String variable : take(words)) {
            int end = variable.indexOf('=');
            environment.put(variable.substring(0, end), variable.substring(end + 1));
        }
        String options = words.next();
        return new LaunchPlan(
                head.get(1), head.get(2), environment, take(words), AgentArgument.split(options), take(words));
    }

    private static List<String> take(Iterator<String> words) {
        return take(Integer.parseInt(words.next()), words);
    }

    private static List<String> take(int count, Iterator<String> words) {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(words.next());
        }
        return taken;
    }

    static String quoted(String word) {
        return word.chars().anyMatch(Character::isWhitespace) ? '"' + word + '"' : word;
    }

    /** Takes Ingot's agents out of command lines. The JVM heeds the first it meets, so that one's options are kept. */
    private static final class Agents {
        private final Path workingDirectory;
        private final List<String> options = new ArrayList<>();
        private boolean found;

        Agents(Path workingDirectory) {
            this.workingDirectory = workingDirectory;
        }

        String takenOutOf(String variable) {
            List<String> words = new ArrayList<>(ArgumentFiles.words(variable));
            int before = words.size();
            takeOutOf(words);
            return words.size() == before
                    ? variable
                    : words.stream().map(LaunchPlan::quoted).collect(Collectors.joining(" "));
        }

        /** The place where the first agent was; behind the last word if there was none. */
        int takeOutOf(List<String> words) {
            int place = -1;
            for (int i = 0; i < words.size(); i++) {
                AgentArgument agent = AgentArgument.parse(words.get(i), workingDirectory);
                if (agent != null) {
                    note(agent);
                    words.remove(i);
                    place = place < 0 ? i : place;
                    i--;
                }
            }
            return place < 0 ? words.size() : place;
        }

        private void note(AgentArgument agent) {
            if (!found) {
                agent.options().stream()
                        .filter(option -> !option.startsWith(RESUME)
                                && !option.startsWith(DEVICES)
                                && !option.startsWith(DETERMINISM))
                        .forEach(options::add);
            }
            found = true;
        }
    }

    /**
     * The plan with accelerators that stand in for those of the image.
     *
     * @param devices pairs {@code OLD=NEW}; may be empty
     */
    public LaunchPlan on(List<String> devices) {
        if (devices.isEmpty()) {
            return this;
        }
        return with(DEVICES, String.join(";", devices));
    }

    /**
     * The plan with consent to weaker promises about results on other accelerators.
     *
     * @param determinism as the agent's option names it; null for none
     */
    public LaunchPlan accepting(@Nullable String determinism) {
        return determinism == null ? this : with(DETERMINISM, determinism);
    }

    /**
     * The plan with another key for its images.
     *
     * @param key as the agent's option {@code key} names it; null for the one that was recorded
     */
    public LaunchPlan keyed(@Nullable String key) {
        if (key == null) {
            return this;
        }
        return with(KEY, key);
    }

    /**
     * The plan with other keys whose signatures are believed.
     *
     * @param trusted as the agent's option {@code trusted} names them; null for those that were recorded
     */
    public LaunchPlan trusting(@Nullable String trusted) {
        return trusted == null ? this : with(TRUSTED, trusted);
    }

    /**
     * The plan with another key that signs its images.
     *
     * @param sign as the agent's option {@code sign} names it; null for the one that was recorded
     */
    public LaunchPlan signing(@Nullable String sign) {
        return sign == null ? this : with(SIGN, sign);
    }

    /** The plan with another directory for the images that follow. */
    public LaunchPlan storing(Path images) {
        return with(IMAGES, images.toString());
    }

    /** The plan with another file for what the agent says. */
    public LaunchPlan logging(Path file) {
        return with(LOG_FILE, file.toString());
    }

    /**
     * The plan with room for stacks whose frames take {@code bytes}, if these are many. Stacks are rebuilt by the interpreter, whose frames take
     * up to ten times the room of those of compiled code; a stack that has no room would end in a {@link StackOverflowError} which the
     * program could take for its own.
     */
    LaunchPlan withStacksOf(long bytes) {
        CommandLine behind = CommandLine.parse(after);
        long told = Math.max(stackKilobytes(before), stackKilobytes(behind.options()));
        long needed = stackBytes(bytes) >> 10;
        if (needed <= (told == 0 ? USUAL_STACK_KB : told)) {
            return this;
        }
        List<String> options = new ArrayList<>(withoutStackSize(before));
        options.add(STACK_SIZE + Math.min(LARGEST_STACK_KB, needed + SPARE_STACK_KB) + "k");
        List<String> rest = new ArrayList<>(withoutStackSize(behind.options()));
        rest.addAll(behind.program());
        return new LaunchPlan(workingDirectory, javaHome, environment, options, agentOptions, rest);
    }

    /** How large a stack has to be for frames of {@code bytes} to be rebuilt on it; 0 if any is large enough. */
    public static long stackBytes(long bytes) {
        return bytes <= SURE_FRAME_BYTES ? 0 : RESERVED_STACK_BYTES + bytes;
    }

    private static List<String> withoutStackSize(List<String> options) {
        return options.stream()
                .filter(option -> !option.startsWith(STACK_SIZE) && !option.startsWith(STACK_FLAG))
                .toList();
    }

    /** What the options say of the size of stacks; 0 if nothing. */
    private static long stackKilobytes(List<String> options) {
        long kilobytes = 0;
        for (String option : options) {
            try {
                if (option.startsWith(STACK_SIZE)) {
                    kilobytes = kilobytes(option.substring(STACK_SIZE.length()));
                } else if (option.startsWith(STACK_FLAG)) {
                    kilobytes = Long.parseLong(option.substring(STACK_FLAG.length()));
                }
            } catch (NumberFormatException malformed) {
                // The JVM would not have started with it.
                kilobytes = 0;
            }
        }
        return kilobytes;
    }

    private static long kilobytes(String size) {
        int digits = size.length();
        long unit = 1;
        switch (size.isEmpty() ? '0' : Character.toLowerCase(size.charAt(digits - 1))) {
            case 'k' -> unit = 1 << 10;
            case 'm' -> unit = 1 << 20;
            case 'g' -> unit = 1 << 30;
            default -> digits++;
        }
        return Long.parseLong(size.substring(0, digits - 1)) * unit / 1024;
    }

    private LaunchPlan with(String option, String value) {
        List<String> options = new ArrayList<>();
        agentOptions.stream().filter(each -> !each.startsWith(option)).forEach(options::add);
        options.add(option + escaped(value));
        return new LaunchPlan(workingDirectory, javaHome, environment, before, options, after);
    }

    /** The whole command: the launcher, its arguments, and the agent told to resume {@code image}. */
    public List<String> command(Path java, Path agentJar, Path image) {
        return resuming(java, agentJar, image.toString());
    }

    /** The same, but the agent gets ready and then waits for {@code file}, in which the path of the image is. */
    public List<String> awaitingCommand(Path java, Path agentJar, Path file) {
        return resuming(java, agentJar, "await:" + file);
    }

    private List<String> resuming(Path java, Path agentJar, String what) {
        List<String> options = new ArrayList<>(agentOptions);
        options.add(RESUME + escaped(what));
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(before);
        command.add(AGENT + agentJar + "=" + String.join(",", options));
        command.addAll(after);
        return command;
    }

    /** A value of an agent option with its commas escaped. */
    public static String escaped(String value) {
        return value.replace(",", "\\,");
    }

    /**
     * The plan as a file that a shell can read: words that end with a zero byte. See docs/image-container.md.
     *
     * @param packBytes lets the shell notice a truncated image
     */
    byte[] toFile(long packBytes) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(FILE_FORMAT, workingDirectory, javaHome, Long.toString(packBytes)));
        words.add(Integer.toString(environment.size()));
        new TreeMap<>(environment).forEach((name, value) -> words.add(name + "=" + value));
        words.add(String.join(",", agentOptions));
        words.add(Integer.toString(before.size()));
        words.addAll(before);
        words.add(Integer.toString(after.size()));
        words.addAll(after);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : words) {
            bytes.writeBytes(word.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }
}
