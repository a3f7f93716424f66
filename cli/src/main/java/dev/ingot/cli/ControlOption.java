package dev.ingot.cli;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --control DIR}, for commands that talk to processes. */
final class ControlOption {
    @Option(
            names = "--control",
            paramLabel = "DIR",
            description = "Directory of the control sockets, for processes started with the agent option control=DIR.")
    private @Nullable Path directory;

    ControlDirectory directory() throws ControlException {
        return directory == null ? ControlDirectory.ofThisUser() : ControlDirectory.at(directory);
    }

    boolean isGiven() {
        return directory != null;
    }

    ControlClient connect(long pid) throws ControlException {
        return directory == null
                ? ControlClient.connect(pid)
                : ControlClient.connect(ControlDirectory.at(directory), pid);
    }
}
