package dev.ingot.benchmarks.heap;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.control.TakenImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures for how long a program with a large heap stands still for a checkpoint, and prints a table.
 *
 * <p>Arguments: {@code [--graph NAME]... [--scale FACTOR]... [--images N] [--heap SIZE] [--agent JAR] [--agent-options TEXT]
 * [--changed PERCENT]
 * [JAVA_HOME]...}
 */
public final class PauseMeasurement {
    /** The compilers go on for a while after an image. */
    private static final long SETTLE_MILLIS = 700;

    private static final int KILOBYTE = 1024;

    private final List<HeapGraph> graphs = new ArrayList<>();
    private final List<String> scales = new ArrayList<>();
    private final List<Path> javaHomes = new ArrayList<>();
    private int images = 3;
    private String heap = "4g";
    private Path agent = Path.of("agent/target/ingot-agent.jar");
    private String agentOptions = "";
    private String changed = "0";

    private PauseMeasurement() {}

    /** The command. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PauseMeasurement measurement = new PauseMeasurement();
        try {
            measurement.read(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("benchmark-pause: " + wrong.getMessage());
            System.exit(2);
        }
        measurement.run();
    }

    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--graph" -> graphs.add(HeapGraph.named(valueOf(arguments, ++i)));
                case "--scale" -> scales.add(valueOf(arguments, ++i));
                case "--images" -> images = Integer.parseInt(valueOf(arguments, ++i));
                case "--heap" -> heap = valueOf(arguments, ++i);
                case "--changed" -> changed = valueOf(arguments, ++i);
                case "--agent" -> agent = Path.of(valueOf(arguments, ++i));
                case "--agent-options" -> agentOptions = "," + valueOf(arguments, ++i);
                default -> javaHomes.add(Path.of(arguments[i]));
            }
        }
        if (graphs.isEmpty()) {
            graphs.addAll(List.of(HeapGraph.APPLICATION, HeapGraph.ARRAYS));
        }
        if (scales.isEmpty()) {
            scales.add("1");
        }
        if (javaHomes.isEmpty()) {
            javaHomes.add(Path.of(System.getProperty("java.home")));
        }
    }

    private static String valueOf(String[] arguments, int index) {
        if (index == arguments.length) {
            throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }

    private void run() throws IOException, InterruptedException {
        for (Path javaHome : javaHomes) {
            System.out.println();
            System.out.println(
                    "| " + javaHome.getFileName()
                            + " | live heap, MB | stood still, ms | all in all, ms | processor time, ms | image, MB | more memory, MB |");
            System.out.println("|---|---:|---:|---:|---:|---:|---:|");
            for (HeapGraph graph : graphs) {
                for (String scale : scales) {
                    Path directory = Files.createTempDirectory("ingot-benchmark");
                    try {
                        measure(javaHome, graph, scale, directory);
                    } finally {
                        Directories.delete(directory);
                    }
                }
            }
        }
    }

    private void measure(Path javaHome, HeapGraph graph, String scale, Path directory)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        javaHome.resolve("bin/java").toString(),
                        "-Xmx" + heap,
                        "-javaagent:" + agent.toAbsolutePath() + "=name=pause,images=" + directory + agentOptions,
                        "-cp",
                        System.getProperty("java.class.path"),
                        PauseProgram.class.getName(),
                        graph.toString(),
                        scale,
                        changed)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answers =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                OutputStream questions = process.getOutputStream()) {
            answers.readLine();
            for (int image = 1; image <= images; image++) {
                ask(questions, answers);
                System.out.println(line(process.pid(), graph + ", image " + image, questions, answers));
            }
        } catch (ControlException failure) {
            throw new IOException("no checkpoint of " + graph + ": " + failure.getMessage(), failure);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String line(long pid, String what, OutputStream questions, BufferedReader answers)
            throws IOException, ControlException, InterruptedException {
        Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
        long before = residentPeak(pid);
        Duration processorTime = processorTime(pid);
        long begin = System.nanoTime();
        TakenImage image;
        try (ControlClient client = ControlClient.connect(pid)) {
            image = client.checkpoint(null, ProgressListener.NONE);
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        long more = residentPeak(pid) - before;
        String[] answer = ask(questions, answers);
        Thread.sleep(SETTLE_MILLIS);
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %d | %d | %.1f | %.0f |",
                what,
                Long.parseLong(answer[1]) / 1e6,
                Long.parseLong(answer[0]) / 1e3,
                millis,
                processorTime(pid).minus(processorTime).toMillis(),
                image.bytes() / 1e6,
                more / 1e6);
    }

    private static String[] ask(OutputStream questions, BufferedReader answers) throws IOException {
        questions.write('\n');
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the program ended");
        }
        return answer.split(" ");
    }

    private static Duration processorTime(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("the program has ended"));
    }

    private static long residentPeak(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.US_ASCII)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.substring(6, line.length() - 2).strip()) * KILOBYTE;
            }
        }
        throw new IOException("this system does not tell how much memory a process has used");
    }
}
