package dev.ingot.node;

import dev.ingot.core.control.Company;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.LaunchPlan;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts processes of workloads, each under a guard. */
final class Launcher {
    /** Tells the agent that the outputs are what they were at the image: what came behind it is in another file. */
    private static final String ROLLED_BACK = "INGOT_OUTPUT_ROLLED_BACK";
    /** Tells the agent how to end where the image cannot be gone on from. */
    private static final String EXIT_VARIABLE = "INGOT_EXIT_NOT_RESUMED";
    /** No exit code that programs have by convention; a program that ends with it when it goes on is tried again. */
    static final int NOT_RESUMED_EXIT_CODE = 186;

    private static final List<String> LAUNCHER_VARIABLES =
            List.of("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    static final String OWN_VARIABLES = "INGOT_";
    private static final String CONTROL_VARIABLE = "INGOT_CONTROL_DIR";

    private final String guard = guard();
    private final PoolDirectory pool;
    private final Path agent;
    private final Supplier<NodeDevices> devices;

    /**
     * @param devices of this node; asked at each start, as they are found after the node has been made
     */
    Launcher(PoolDirectory pool, Path agent, Supplier<NodeDevices> devices) {
        this.pool = pool;
        this.agent = agent;
        this.devices = devices;
    }

    private static String guard() {
        try (InputStream script = Launcher.class.getResourceAsStream("guard.bash")) {
            if (script == null) {
                throw new IllegalStateException("the guard is missing from this jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Starts what an order names.
     *
     * @param image the directory of the one to go on from; null to begin
     * @param deadline by {@link Uptime}, past which the program does not run
     */
    Process start(Order order, @Nullable Path image, long deadline) throws IOException, ImageException {
        return start(order, image, null, deadline);
    }

    /** The same, but the process gets ready and then waits for {@code file} to name the image. */
    Process prepare(Order order, Path image, Path file, long deadline) throws IOException, ImageException {
        return start(order, image, file, deadline);
    }

    private Process start(Order order, @Nullable Path image, @Nullable Path file, long deadline)
            throws IOException, ImageException {
        PoolDirectory.createOwned(pool.images(order.workload()));
        ProcessBuilder builder = new ProcessBuilder();
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith(OWN_VARIABLES) && !name.equals(CONTROL_VARIABLE));
        environment.putAll(order.spec().environment());
        List<String> command = image == null ? begin(order, builder) : resume(order, image, file, builder);
        if (!order.company().isEmpty()) {
            environment.put(Company.VARIABLE, order.company());
        }
        DeviceShare.put(environment, order);
        GrantedDevices.put(environment, order, devices.get());
        List<String> guarded = new ArrayList<>(List.of("bash", "-c", guard, "guard", Long.toString(deadline)));
        guarded.addAll(command);
        Path output = pool.output(order.workload(), order.epoch());
        return builder.command(guarded)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    private Path agentLog(Order order) {
        return pool.agentLog(order.workload(), order.epoch());
    }

    private List<String> begin(Order order, ProcessBuilder builder) {
        WorkloadSpec spec = order.spec();
        builder.directory(Path.of(spec.directory()).toFile());
        List<String> options = new ArrayList<>();
        options.add("images=" + LaunchPlan.escaped(pool.images(order.workload()).toString()));
        options.add("name=" + order.workload());
        options.add("log-file=" + LaunchPlan.escaped(agentLog(order).toString()));
        // Images of a gang are sets, which the pool asks for.
        if (spec.checkpointMillis() > 0 && spec.gang() == 1) {
            options.add("every=" + spec.checkpointMillis() + "ms");
        }
        List<String> command = new ArrayList<>(spec.command());
        command.add(1, "-javaagent:" + agent + "=" + String.join(",", options));
        return command;
    }

    private List<String> resume(Order order, Path image, @Nullable Path file, ProcessBuilder builder)
            throws ImageException {
        LaunchPlan plan = LaunchPlan.of(ImageStore.open(image))
                .storing(pool.images(order.workload()))
                .logging(agentLog(order))
                .on(order.spec().replacements(order.alternative()));
        builder.directory(Path.of(plan.workingDirectory()).toFile());
        Map<String, String> environment = builder.environment();
        LAUNCHER_VARIABLES.forEach(environment::remove);
        environment.putAll(plan.environment());
        environment.put(ROLLED_BACK, "true");
        environment.put(EXIT_VARIABLE, Integer.toString(NOT_RESUMED_EXIT_CODE));
        Path recorded = Path.of(plan.javaHome(), "bin", "java");
        Path java = Files.isExecutable(recorded)
                ? recorded
                : Path.of(order.spec().command().get(0));
        return file == null ? plan.command(java, agent, image) : plan.awaitingCommand(java, agent, file);
    }
}
