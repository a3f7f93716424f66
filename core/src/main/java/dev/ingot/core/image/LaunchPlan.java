package dev.ingot.core.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How to start a captured program again: its command line, with the place where the agent goes.
 *
 * @param before arguments of the {@code java} launcher before the agent
 * @param agentOptions options of the agent without {@code resume}
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
    private static final Pattern AGENT_JAR = Pattern.compile("ingot[A-Za-z0-9._-]*\\.jar");
    private static final String RESUME = "resume=";
    private static final String FILE_FORMAT = "ingot-launch-1";

    public LaunchPlan {
        environment = Map.copyOf(environment);
        before = List.copyOf(before);
        agentOptions = List.copyOf(agentOptions);
        after = List.copyOf(after);
    }

    /**
     * Takes the agent out of the process's command line; where the environment brought it, out of that. Other agents stay
     * where they are.
     */
    public static LaunchPlan of(ProcessDescription process) {
        List<String> agentOptions = new ArrayList<>();
        Map<String, String> environment = new TreeMap<>();
        process.environment().forEach((name, value) -> environment.put(name, withoutAgent(value, agentOptions)));
        CommandLine line = CommandLine.parse(process.arguments());
        int agent = agentIn(line.options(), agentOptions);
        List<String> after = new ArrayList<>(line.options()
                .subList(
                        Math.min(agent + 1, line.options().size()),
                        line.options().size()));
        after.addAll(line.program());
        return new LaunchPlan(
                process.workingDirectory(),
                process.jdk().home(),
                environment,
                line.options().subList(0, agent),
                agentOptions,
                after);
    }

    private static String withoutAgent(String variable, List<String> agentOptions) {
        List<String> words = ArgumentFiles.words(variable);
        int agent = agentIn(words, agentOptions);
        if (agent == words.size()) {
            return variable;
        }
        List<String> others = new ArrayList<>(words);
        others.remove(agent);
        return others.stream().map(LaunchPlan::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.chars().anyMatch(Character::isWhitespace) ? '"' + word + '"' : word;
    }

    /** The place of the agent among the words, the number of words if it is not there; notes its options. */
    private static int agentIn(List<String> words, List<String> agentOptions) {
        for (int i = 0; i < words.size(); i++) {
            if (isAgent(words.get(i))) {
                agentOptions.addAll(options(words.get(i)));
                return i;
            }
        }
        return words.size();
    }

    private static boolean isAgent(String argument) {
        if (!argument.startsWith(AGENT)) {
            return false;
        }
        String jar = argument.substring(AGENT.length()).split("=", 2)[0];
        return AGENT_JAR.matcher(jar.substring(jar.lastIndexOf('/') + 1)).matches();
    }

    private static List<String> options(String argument) {
        String[] parts = argument.split("=", 2);
        List<String> result = new ArrayList<>();
        if (parts.length == 2 && !parts[1].isEmpty()) {
            for (String option : parts[1].split("(?<!\\\\),", -1)) {
                if (!option.startsWith(RESUME)) {
                    result.add(option);
                }
            }
        }
        return result;
    }

    /** The whole command: the launcher, its arguments, and the agent told to resume {@code image}. */
    public List<String> command(Path java, Path agentJar, Path image) {
        List<String> options = new ArrayList<>(agentOptions);
        options.add(RESUME + escaped(image.toString()));
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
