package dev.ingot.testkit;

import static org.awaitility.Awaitility.await;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.control.TakenImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program in a directory of its own, in one JVM after the other: {@code work} is where it runs, {@code images}
 * where its images are, {@code output-N} and {@code error} what it writes. Closing ends what still runs and keeps the files.
 * Not thread-safe.
 */
public final class ProgramRun implements AutoCloseable {
    /** The exit code of a program that was suspended. */
    public static final int SUSPENDED = 85;

    private static final Duration DEADLINE = Duration.ofMinutes(3);
    /** How long a process may take to end after its socket was closed. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** Exit codes from here on tell of a signal. */
    private static final int FIRST_SIGNAL = 128;

    private static final Duration POLL = Duration.ofMillis(5);

    private final Installation installation;
    private final Program program;
    private final Path directory;
    private final Path work;
    private final Map<String, String> environment = new HashMap<>();
    private Path input = Path.of("/dev/null");
    private @Nullable Path cache;
    private int outputs;
    private @Nullable Process process;

    private ProgramRun(Installation installation, Program program, Path directory, Path work) {
        this.installation = installation;
        this.program = program;
        this.directory = directory;
        this.work = work;
    }

    /** A run in {@code directory}, which is created if need be; nothing is started yet. */
    public static ProgramRun in(Path directory, Program program) throws IOException {
        Path work = Files.createDirectories(directory.resolve("work")).toRealPath();
        return new ProgramRun(Installation.ofThisBuild(), program, directory.toRealPath(), work);
    }

    /** Has the JVMs started from now on read their standard input from this file, instead of finding it empty. */
    public void takeInputFrom(Path file) {
        input = file;
    }

    /** Has the JVMs started from now on find nothing of what earlier ones have woven. */
    public void forgetWovenClasses() throws IOException {
        cache = Files.createTempDirectory(directory, "cache-");
    }

    /** Whether what became of {@code type} when it was woven is kept for later starts; to be asked since {@link #forgetWovenClasses}. */
    public boolean keepsWoven(Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/');
        try (Stream<Path> files = Files.walk(Objects.requireNonNull(cache))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Starts the program without the agent. */
    public void startPlainly(Jdk jdk) throws IOException {
        launch(program.command(jdk, List.of()), Map.of());
    }

    /** Starts the program under the agent, with these options and its images in {@link #images}. */
    public void start(Jdk jdk, String... options) throws IOException {
        startBehind(List.of(), jdk, options);
    }

    /** As {@link #start}, with the agent behind these options of the JVM and before those of the program. */
    public void startBehind(List<String> first, Jdk jdk, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("images=" + images());
        List<String> before = new ArrayList<>(first);
        before.add("-javaagent:" + installation.agent() + "=" + String.join(",", all));
        launch(program.command(jdk, before), Map.of());
    }

    /** Resumes the program from an image by the command, on the recorded JDK unless these options of the command say otherwise. */
    public void resume(Path image, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(installation.command().toString(), "resume", image.toString()));
        words.addAll(List.of(options));
        launch(words, ofCommand());
    }

    /** Resumes the program from an image by the command, on another JDK than the recorded one. */
    public void resume(Path image, Jdk jdk) throws IOException {
        resume(image, "--java", jdk.java().toString());
    }

    private Map<String, String> ofCommand() {
        return Map.of("INGOT_AGENT", installation.agent().toString());
    }

    /** The next JVMs are started with this environment variable. */
    public void setEnvironment(String name, String value) {
        environment.put(name, value);
    }

    /** The next JVM writes its output into a new file, not behind that of the last. */
    public void separateOutput() {
        outputs++;
    }

    private void launch(List<String> command, Map<String, String> more) throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("cannot start " + program + ": process " + process.pid() + " still runs");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(input.toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output(outputs).toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("error").toFile()));
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        if (cache != null) {
            builder.environment().put("XDG_CACHE_HOME", cache.toString());
        }
        process = builder.start();
    }

    private Path output(int number) {
        return directory.resolve("output-" + number);
    }

    /** The directory of the program. */
    public Path work() {
        return work;
    }

    /** The store of the program's images, as far as the caller names none. */
    public Path images() {
        return directory.resolve("images");
    }

    /** The process that runs, or ran last. */
    public ProcessHandle process() {
        return running().toHandle();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("nothing was started in " + directory);
        }
        return process;
    }

    /** Waits until {@code count} lines were written in all. */
    public void awaitLines(int count) {
        awaitOrEnd(count + " lines of " + program, () -> lines() >= count);
    }

    /** Waits until the program can be reached through its socket. */
    public void awaitControl() {
        awaitOrEnd("the socket of " + program, this::answers);
    }

    /** Waits until {@code condition} holds; it is an error if the program ends without. */
    public void awaitOrEnd(String what, BooleanSupplier condition) {
        await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(DEADLINE)
                .until(() -> condition.getAsBoolean() || !running().isAlive());
        if (!condition.getAsBoolean()) {
            throw new EndedException("cannot wait for " + what + ": process "
                    + running().pid() + " ended with exit code " + running().exitValue() + "; it wrote: " + error());
        }
    }

    private boolean answers() {
        try (ControlClient client = ControlClient.connect(running().pid())) {
            client.ping();
            return true;
        } catch (ControlException notYet) {
            return false;
        }
    }

    private int lines() {
        int lines = 0;
        for (int number = 0; number <= outputs; number++) {
            lines += linesOf(number).size();
        }
        return lines;
    }

    /** Whole lines only: what a killed JVM had written of its last one does not count. */
    private List<String> linesOf(int number) {
        Path file = output(number);
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = text(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Has the program write an image and go on. */
    public TakenImage checkpoint() throws ControlException {
        try (ControlClient client = connect()) {
            return client.checkpoint(null, ProgressListener.NONE);
        } catch (ControlException failure) {
            throw endedOr(failure);
        }
    }

    /** A program that ends while an image of it is asked for ends like one that ended before; one that was killed does not. */
    private ControlException endedOr(ControlException failure) {
        if (failure.code() == FailureCode.UNREACHABLE && endsByItself()) {
            EndedException ended = new EndedException(program + " ended by itself before its image was taken");
            ended.initCause(failure);
            throw ended;
        }
        return failure;
    }

    private boolean endsByItself() {
        try {
            return running().waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)
                    && running().exitValue() < FIRST_SIGNAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Has the program write an image and end. */
    public TakenImage suspend() throws ControlException, InterruptedException {
        TakenImage image;
        try (ControlClient client = connect()) {
            image = client.suspend(null, ProgressListener.NONE);
        } catch (ControlException failure) {
            throw endedOr(failure);
        }
        int exitCode = awaitExit();
        if (exitCode != SUSPENDED) {
            throw new IllegalStateException(program + " ended with exit code " + exitCode
                    + " when it was suspended, not " + SUSPENDED + "; it wrote: " + error());
        }
        return image;
    }

    private ControlClient connect() throws ControlException {
        awaitControl();
        return ControlClient.connect(running().pid());
    }

    /** Ends the process as a power cut would. */
    public void kill() throws InterruptedException {
        running().destroyForcibly();
        awaitExit();
    }

    /** Asks the process to end, by SIGTERM. */
    public void terminate() {
        running().destroy();
    }

    /** Waits for the end of the process and returns its exit code. */
    public int awaitExit() throws InterruptedException {
        if (!running().waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(program + " did not end within " + DEADLINE
                    + " and was killed; its stacks and " + "what else it wrote: " + stacks());
        }
        return running().exitValue();
    }

    /** Has the JVM print its stacks, and ends it. */
    private String stacks() throws InterruptedException {
        long before = running().pid();
        signalQuit(before);
        running().destroyForcibly().waitFor();
        int last = outputs;
        List<String> lines = linesOf(last);
        return error() + String.join("\n", lines.subList(Math.max(0, lines.size() - 200), lines.size()));
    }

    private static void signalQuit(long pid) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
            // The JVM answers in its own time and says nothing when it has.
            TimeUnit.SECONDS.sleep(1);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot ask process " + pid + " for its stacks", failure);
        }
    }

    /** Waits for the end of the process and returns what the program did in all JVMs. */
    public Outcome awaitOutcome() throws InterruptedException {
        int exitCode = awaitExit();
        List<List<String>> lines = new ArrayList<>();
        for (int number = 0; number <= outputs; number++) {
            lines.add(linesOf(number));
        }
        return new Outcome(exitCode, lines, error(), files());
    }

    /** What the JVM that runs now, or ran last, wrote to standard output so far, since {@link #separateOutput}. */
    public String output() {
        Path output = output(outputs);
        return Files.exists(output) ? text(output) : "";
    }

    /** What was written to standard error so far. */
    public String error() {
        Path error = directory.resolve("error");
        return Files.exists(error) ? text(error) : "";
    }

    private Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(work)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> files.put(work.relativize(file).toString(), text(file)));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + work, failure);
        }
        return files;
    }

    /** One character for each byte, so that every content can be compared. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroyForcibly().onExit().join();
        }
    }
}
