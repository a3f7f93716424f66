package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.LaunchPlan;
import dev.ingot.core.image.OpenFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program as a child, and runs it on from its newest image when it dies without wanting to.
 *
 * <h2>Output</h2>
 *
 * An output that is a regular file is the child's own and is cut back before it goes on. Any other goes through a
 * {@link Journal}. An image says how long each output was at its instant. Before the first one, what was in an output while no image
 * was being written is in every image to come; while one is being written the program runs on already, and nothing is passed on.
 */
final class Supervisor {
    private static final Duration PERIOD = Duration.ofMillis(50);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
    private static final int SIGNALLED = 128;
    /** ILL, TRAP, ABRT, BUS, FPE, KILL, SEGV, SYS: how a JVM is killed or crashes. */
    private static final Set<Integer> DEADLY = Set.of(4, 5, 6, 7, 8, 9, 11, 31);

    /** Tells the agent that the outputs are what they were at the image. */
    private static final String ROLLED_BACK = "INGOT_OUTPUT_ROLLED_BACK";

    private static final int OUT_OF_MEMORY = 3;
    private static final String EXIT_ON_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";

    private final ImageStore store;
    private final String name;
    private final OutputMode mode;
    private final int mostRestarts;
    private final PrintWriter err;
    private final Set<Long> pids = new HashSet<>();

    private @Nullable ProgramOutput out;
    private @Nullable ProgramOutput error;
    private boolean together;
    private @Nullable ImageHandle newest;
    private final Set<Path> damaged = new HashSet<>();
    private boolean beganWithImage;
    private volatile @Nullable Process child;
    private volatile boolean told;

    /** @param name of the program's images in {@code store} */
    Supervisor(ImageStore store, String name, OutputMode mode, int mostRestarts, PrintWriter err) {
        this.store = store;
        this.name = name;
        this.mode = mode;
        this.mostRestarts = mostRestarts;
        this.err = err;
    }

    /**
     * Runs the program to its end.
     *
     * @param resumes whether the first start goes on from an image of the store, if there is one
     * @return the program's exit code
     */
    int run(Launch first, boolean resumes) throws IOException, InterruptedException {
        beganWithImage = resumes && store.newestComplete(name).isPresent();
        Path journals = prepareOutputs();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.handle(signal, this::passOn);
        }
        try {
            return run(first);
        } finally {
            if (out != null) {
                out.close();
            }
            if (error != null) {
                error.close();
            }
            Files.deleteIfExists(journals);
        }
    }

    private int run(Launch first) throws IOException, InterruptedException {
        Launch next = first;
        int restarts = 0;
        while (true) {
            ImageHandle before = newest;
            int exitCode = runOnce(next);
            restarts = before == newest ? restarts : 0;
            if (told || !isDeath(exitCode, first.command())) {
                passOnRest();
                return exitCode;
            }
            Launch again = nextLaunch(first);
            if (again == null || restarts == mostRestarts) {
                passOnRest();
                say(describe(exitCode)
                        + (again == null
                                ? " before its first image, so there is nothing to go on from"
                                : " " + (restarts + 1)
                                        + " times without a new image; ingot run gives up, 'ingot resume' goes on"));
                return exitCode;
            }
            restarts++;
            say(describe(exitCode) + "; it goes on from " + (newest == null ? "where it began" : newest));
            pause(restarts);
            if (told) {
                return exitCode;
            }
            next = again;
        }
    }

    private static boolean isDeath(int exitCode, List<String> command) {
        return DEADLY.contains(exitCode - SIGNALLED)
                || (exitCode == OUT_OF_MEMORY && command.contains(EXIT_ON_OUT_OF_MEMORY));
    }

    private static String describe(int exitCode) {
        return exitCode == OUT_OF_MEMORY
                ? "the program ran out of memory"
                : "the program was ended by signal " + (exitCode - SIGNALLED);
    }

    /** What goes on from the newest sound image of this run; null if there is none. Rolls the journals back. */
    private @Nullable Launch nextLaunch(Launch first) throws IOException {
        Optional<ImageHandle> sound = store.newestSound(name, this::reject)
                .filter(image -> pids.contains(image.manifest().process().pid()));
        newest = sound.orElse(null);
        if (newest == null && !beganWithImage) {
            return null;
        }
        rollBack(out);
        rollBack(error);
        if (newest == null) {
            return first;
        }
        LaunchPlan plan = LaunchPlan.of(newest);
        try {
            Map<String, Optional<String>> environment = Launch.like(plan.environment());
            environment.put(ROLLED_BACK, Optional.of("true"));
            return new Launch(
                    Path.of(plan.workingDirectory()),
                    environment,
                    plan.command(Path.of(first.command().get(0)), Installation.agentJar(), newest.directory()));
        } catch (CommandException noAgent) {
            throw new IOException(noAgent.getMessage(), noAgent);
        }
    }

    private void reject(ImageException problem) {
        Path directory = problem.file().getParent();
        if (directory != null && damaged.add(directory)) {
            say("passes over an image that cannot be used: " + problem.getMessage());
        }
    }

    private void rollBack(@Nullable ProgramOutput output) throws IOException {
        if (output != null) {
            output.rollBack(safeLength(output, output.length()));
        }
    }

    private int runOnce(Launch launch) throws IOException, InterruptedException {
        ProcessBuilder builder = launch.builder();
        if (out != null) {
            builder.redirectOutput(out.redirect());
        }
        if (together) {
            builder.redirectErrorStream(true);
        } else if (error != null) {
            builder.redirectError(error.redirect());
        }
        Process process = builder.start();
        pids.add(process.pid());
        child = process;
        while (!process.waitFor(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
            passOnWhatIsSafe();
        }
        passOnWhatIsSafe();
        return process.exitValue();
    }

    private void passOnWhatIsSafe() throws IOException {
        long outLength = out == null ? 0 : out.length();
        long errorLength = error == null ? 0 : error.length();
        boolean isBeingWritten = isBeingWritten();
        lookForImages();
        if (newest == null && isBeingWritten) {
            return;
        }
        passOn(out, outLength);
        passOn(error, errorLength);
    }

    /** Whether the child that lives is writing an image: what a dead one had begun never becomes one. */
    private boolean isBeingWritten() throws ImageException {
        Process process = child;
        return process != null && process.isAlive() && store.isBeingWritten(name, process.pid());
    }

    private void passOn(@Nullable ProgramOutput output, long length) throws IOException {
        if (output != null) {
            output.passOn(mode == OutputMode.LIVE ? length : safeLength(output, length));
            if (output.takeDiverged()) {
                say("the program wrote something else than before its failure; what follows replaces it");
            }
        }
    }

    private void passOnRest() throws IOException {
        for (ProgramOutput output : new ProgramOutput[] {out, error}) {
            if (output != null) {
                output.passOn(output.length());
            }
        }
    }

    /** How much of an output no failover takes back: all that was there at the newest image. */
    private long safeLength(ProgramOutput output, long length) {
        ImageHandle image = newest;
        if (image == null) {
            return beganWithImage ? output.begun() : length;
        }
        for (OpenFile file : image.manifest().contents().files()) {
            if (file.path().equals(output.path())) {
                return Math.max(file.size(), output.begun());
            }
        }
        return length;
    }

    private void lookForImages() throws ImageException {
        List<Path> directories = store.directories(name);
        if (directories.isEmpty()) {
            return;
        }
        Path last = directories.get(directories.size() - 1);
        if (damaged.contains(last) || (newest != null && last.equals(newest.directory()))) {
            return;
        }
        try {
            ImageHandle image = store.openAny(last);
            if (pids.contains(image.manifest().process().pid())) {
                newest = image;
            }
        } catch (ImageException unusable) {
            // Of somebody else, or pruned in this moment; a failover looks at all of them once more.
            return;
        }
    }

    private Path prepareOutputs() throws IOException {
        Path directory =
                store.directory().resolve(".run-" + ProcessHandle.current().pid());
        boolean journals = mode != OutputMode.DIRECT;
        if (journals && (StandardOutput.OUT.isStream() || StandardOutput.ERROR.isStream())) {
            directory = emptied(directory);
        }
        together = StandardOutput.areOne();
        out = output(StandardOutput.OUT, journals, directory.resolve("out"));
        error = together ? null : output(StandardOutput.ERROR, journals, directory.resolve("error"));
        return directory;
    }

    /** What is left of a process that had this one's id goes. */
    private static Path emptied(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        Files.deleteIfExists(directory.resolve("out"));
        Files.deleteIfExists(directory.resolve("error"));
        return directory.toRealPath();
    }

    private static @Nullable ProgramOutput output(StandardOutput target, boolean journals, Path journal)
            throws IOException {
        Path file = target.regularFile();
        if (file != null) {
            return new OwnFile(file, target.descriptor());
        }
        return journals && target.isStream() ? new Journal(journal, new FileOutputStream(target.descriptor())) : null;
    }

    /** Whoever asks this process to end means the program. On a terminal it has got a Ctrl-C itself. */
    private void passOn(String signal) {
        told = true;
        Process process = child;
        if (process == null || (signal.equals("INT") && StandardOutput.isTerminal())) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
        } catch (IOException failure) {
            process.destroy();
        }
    }

    private static void pause(int restarts) throws InterruptedException {
        if (restarts > 1) {
            Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(restarts - 2, 10));
            TimeUnit.MILLISECONDS.sleep(Math.min(delay.toMillis(), LONGEST_DELAY.toMillis()));
        }
    }

    private void say(String message) {
        err.println("ingot: " + message);
        err.flush();
    }
}
