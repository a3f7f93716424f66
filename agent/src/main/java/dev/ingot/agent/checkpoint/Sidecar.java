package dev.ingot.agent.checkpoint;

import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.core.image.ChunkSidecar;
import dev.ingot.core.image.Sidecars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process that compresses and seals images beside the program, started for the first large one. Thread-safe. */
final class Sidecar implements Sidecars {
    private static final String ENTRY = "dev.ingot.agent.IngotAgent";

    private final AgentContext agent;
    private @Nullable ChunkSidecar running;
    private boolean failed;

    Sidecar(AgentContext agent) {
        this.agent = agent;
    }

    @Override
    public synchronized @Nullable ChunkSidecar get() {
        if (!agent.options().images().offload() || failed) {
            return null;
        }
        ChunkSidecar known = running;
        if (known == null || !known.isAlive()) {
            known = started();
            running = known;
        }
        return known;
    }

    private @Nullable ChunkSidecar started() {
        Path jar = AgentJar.path();
        try {
            if (jar == null) {
                throw new IOException("the agent does not come from a jar");
            }
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            return ChunkSidecar.start(
                    List.of(
                            java.toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            jar.toString(),
                            ENTRY),
                    new AgentThreads.Factory("sidecar"));
        } catch (IOException failure) {
            failed = true;
            agent.log().warn("images are compressed in this process: " + failure.getMessage());
            return null;
        }
    }
}
