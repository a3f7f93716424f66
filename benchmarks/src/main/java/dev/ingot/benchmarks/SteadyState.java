package dev.ingot.benchmarks;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures what the agent costs a program while no checkpoint is taken, and prints a table.
 *
 * <p>Arguments: {@code [--pairs N] [--kernel NAME]... [--agent JAR] [JAVA_HOME]...}
 */
public final class SteadyState {
    private int pairs = 5;
    private Path agent = Path.of("agent/target/ingot-agent.jar");
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<Path> javaHomes = new ArrayList<>();

    private SteadyState() {}

    /** The command. */
    public static void main(String[] arguments) throws IOException, InterruptedException, URISyntaxException {
        SteadyState benchmark = new SteadyState();
        try {
            benchmark.read(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("benchmark: " + wrong.getMessage());
            System.exit(2);
        }
        benchmark.run();
    }

    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--pairs" -> pairs = Integer.parseInt(valueOf(arguments, ++i));
                case "--kernel" -> kernels.add(Kernels.named(valueOf(arguments, ++i)));
                case "--agent" -> agent = Path.of(valueOf(arguments, ++i));
                default -> javaHomes.add(Path.of(arguments[i]));
            }
        }
        if (kernels.isEmpty()) {
            kernels.addAll(Kernels.all());
        }
        if (javaHomes.isEmpty()) {
            javaHomes.add(Path.of(System.getProperty("java.home")));
        }
        if (!Files.isRegularFile(agent)) {
            throw new IllegalArgumentException("there is no agent at " + agent.toAbsolutePath()
                    + "; build it with ./mvnw -q -Dingot.quick -DskipTests package, or name it with --agent");
        }
    }

    private static String valueOf(String[] arguments, int index) {
        if (index == arguments.length) {
            throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }

    private void run() throws IOException, InterruptedException, URISyntaxException {
        Path classPath = Path.of(SteadyState.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> options = List.of("-javaagent:" + agent.toAbsolutePath());
        for (Path javaHome : javaHomes) {
            System.out.println();
            System.out.println("| " + javaHome.getFileName() + " | plain, ms CPU | under Ingot, ms CPU | ratio |");
            System.out.println("|---|---:|---:|---:|");
            List<Comparison> comparisons = new ArrayList<>();
            for (Kernel kernel : kernels) {
                Comparison comparison = Comparison.of(kernel, new KernelJvm(javaHome, classPath), options, pairs);
                comparisons.add(comparison);
                System.out.println(line(comparison));
            }
            System.out.println(
                    String.format(Locale.ROOT, "| geometric mean | | | %.2f |", Comparison.geometricMean(comparisons)));
        }
    }

    private static String line(Comparison comparison) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f |",
                comparison.kernel(),
                comparison.plainMillis(),
                comparison.agentMillis(),
                comparison.ratio());
    }
}
