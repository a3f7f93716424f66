package dev.ingot.cli;

import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --pool DIR}, for commands that talk to a pool. */
final class PoolOption {
    /** Names the pool where no option does. */
    static final String VARIABLE = "INGOT_POOL";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Option(
            names = "--pool",
            paramLabel = "DIR",
            description = "The pool's directory (default: that in INGOT_POOL, else ~/.ingot/pool).")
    private @Nullable Path path;

    PoolDirectory directory() {
        String named = System.getenv(VARIABLE);
        if (path != null) {
            return new PoolDirectory(path);
        }
        return named == null || named.isEmpty() ? PoolDirectory.usual() : new PoolDirectory(Path.of(named));
    }

    /** A way to the pool, which is looked at first: a socket that somebody else put there is not talked to. */
    PoolClient client() throws PoolException {
        PoolDirectory directory = directory();
        if (Files.exists(directory.path())) {
            try {
                directory.requireOwned();
            } catch (IOException unsafe) {
                throw new PoolException(String.valueOf(unsafe.getMessage()));
            }
        }
        return new PoolClient(directory.socket(), LIMIT);
    }
}
