package dev.ingot.benchmarks.heap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the engines by turns, each graph with each engine in a JVM of its own, and prints a table.
 *
 * <p>Arguments: {@code [--graph NAME]... [--engine NAME]... [--scale FACTOR] [--warm-ups N] [--rounds N] [--heap SIZE]
 * [--option JVM-OPTION]... [JAVA_HOME]...}
 */
public final class HeapComparison {
    private static final List<String> ENGINES = List.of("ingot", "image", "kryo", "fory");

    private final List<HeapGraph> graphs = new ArrayList<>();
    private final List<String> engines = new ArrayList<>();
    private final List<Path> javaHomes = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private String scale = "1";
    private String warmUps = "2";
    private String rounds = "3";
    private String heap = "6g";

    private HeapComparison() {}

    /** The command. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        HeapComparison comparison = new HeapComparison();
        try {
            comparison.read(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("benchmark-heap: " + wrong.getMessage());
            System.exit(2);
        }
        comparison.run();
    }

    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--graph" -> graphs.add(HeapGraph.named(valueOf(arguments, ++i)));
                case "--engine" -> engines.add(valueOf(arguments, ++i));
                case "--scale" -> scale = valueOf(arguments, ++i);
                case "--warm-ups" -> warmUps = valueOf(arguments, ++i);
                case "--rounds" -> rounds = valueOf(arguments, ++i);
                case "--heap" -> heap = valueOf(arguments, ++i);
                case "--option" -> options.add(valueOf(arguments, ++i));
                default -> javaHomes.add(Path.of(arguments[i]));
            }
        }
        if (graphs.isEmpty()) {
            graphs.addAll(List.of(HeapGraph.values()));
        }
        if (engines.isEmpty()) {
            engines.addAll(ENGINES);
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
        Path directory = Files.createTempDirectory("ingot-benchmark");
        try {
            for (Path javaHome : javaHomes) {
                System.out.println();
                System.out.println("| " + javaHome.getFileName()
                        + " | engine | write, ms CPU (wall) | same objects again | read | MB | objects |");
                System.out.println("|---|---|---:|---:|---:|---:|---|");
                for (HeapGraph graph : graphs) {
                    for (String engine : engines) {
                        System.out.println(line(graph, engine, measured(javaHome, graph, engine, directory)));
                    }
                }
            }
        } finally {
            Directories.delete(directory);
        }
    }

    private static String line(HeapGraph graph, String engine, String result) {
        String[] fields = result.split(" ", 8);
        if (result.startsWith("failed") || fields.length < 8) {
            return "| " + graph + " | " + engine + " | " + result + " | | | | |";
        }
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s (%s) | %s (%s) | %s (%s) | %.1f | %s |",
                graph,
                engine,
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                fields[5],
                Long.parseLong(fields[6]) / 1e6,
                fields[7]);
    }

    private String measured(Path javaHome, HeapGraph graph, String engine, Path directory)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.add("-Xmx" + heap);
        // The engines reach into fields of the JDK's own classes.
        for (String opened : Object.class.getModule().getPackages()) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HeapProgram.class.getName()));
        command.addAll(List.of(graph.toString(), engine, scale, warmUps, rounds, directory.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        return status == 0 && !output.isEmpty()
                ? output.lines().reduce((first, last) -> last).orElse(output)
                : "failed: the JVM ended with " + status;
    }
}
