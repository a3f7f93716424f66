package dev.ingot.cli;

import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pool a command talks to: one of this machine, by its directory, or one anywhere, by its address. */
final class PoolOption {
    /** Names the pool's directory where no option does. */
    static final String VARIABLE = "INGOT_POOL";

    /** Names the pool's address where no option does. */
    static final String SERVER_VARIABLE = "INGOT_SERVER";

    private static final String TOKEN_VARIABLE = "INGOT_TOKEN_FILE";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Option(
            names = "--pool",
            paramLabel = "DIR",
            description = "The pool's directory (default: that in INGOT_POOL, else ~/.ingot/pool).")
    private @Nullable Path path;

    @Option(
            names = "--server",
            paramLabel = "URL",
            split = ",",
            description =
                    "The address of a pool, such as https://pool:7180, instead of its directory; with commas between them, those"
                            + " where it may run (default: that in INGOT_SERVER, if --pool is not given).")
    private List<URI> servers = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the token for --server (default: that in INGOT_TOKEN_FILE).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Certificates, PEM, of whom to trust to certify --server (default: whom Java trusts).")
    private @Nullable Path authorities;

    @Option(
            names = "--keystore",
            paramLabel = "FILE",
            description = "A certificate and its key, PKCS12, to show to --server; its password is in"
                    + " INGOT_KEYSTORE_PASSWORD.")
    private @Nullable Path keyStore;

    PoolDirectory directory() {
        Path named = fromEnvironment(VARIABLE);
        if (path != null) {
            return new PoolDirectory(path);
        }
        return named == null ? PoolDirectory.usual() : new PoolDirectory(named);
    }

    private static @Nullable Path fromEnvironment(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : Path.of(value);
    }

    private List<URI> servers() {
        String named = System.getenv(SERVER_VARIABLE);
        if (!servers.isEmpty() || path != null || named == null || named.isEmpty()) {
            return servers;
        }
        return Arrays.stream(named.split(",", -1)).map(URI::create).toList();
    }

    /** A way to the pool. A directory is looked at first: a socket that somebody else put there is not talked to. */
    PoolClient client() throws PoolException {
        return client(LIMIT);
    }

    /** The same; {@code limit} is how long it waits for an answer. */
    PoolClient client(Duration limit) throws PoolException {
        List<URI> remote = servers();
        return remote.isEmpty() ? local(limit) : remote(remote, limit);
    }

    private PoolClient local(Duration limit) throws PoolException {
        PoolDirectory directory = directory();
        if (Files.exists(directory.path())) {
            try {
                directory.requireOwned();
            } catch (IOException unsafe) {
                throw new PoolException(String.valueOf(unsafe.getMessage()));
            }
        }
        return new PoolClient(directory.socket(), limit);
    }

    private PoolClient remote(List<URI> addresses, Duration limit) throws PoolException {
        Path file = tokenFile == null ? fromEnvironment(TOKEN_VARIABLE) : tokenFile;
        if (file == null && keyStore == null) {
            throw new PoolException("--server needs --token-file or --keystore, so that the pool knows who asks");
        }
        try {
            String token = file == null ? null : Files.readString(file).strip();
            return new PoolClient(addresses, token, Trust.context(authorities, keyStore), limit);
        } catch (IOException unreadable) {
            throw new PoolException("cannot use what --server needs: " + unreadable);
        }
    }
}
