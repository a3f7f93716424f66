package dev.ingot.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** Where Ingot's own files are. */
final class Installation {
    /** Names the agent's jar where it is not at its usual place. */
    static final String AGENT_VARIABLE = "INGOT_AGENT";

    private static final String AGENT_JAR = "ingot-agent.jar";

    private Installation() {}

    /** The agent's jar: beside the command's jar, or where the build leaves it. */
    static Path agentJar() throws CommandException {
        for (Path candidate : candidates()) {
            if (Files.isRegularFile(candidate)) {
                return candidate.toAbsolutePath().normalize();
            }
        }
        throw new CommandException("there is no " + AGENT_JAR + " at any of " + candidates()
                + "; build it with 'mvn package', or name it in " + AGENT_VARIABLE);
    }

    private static List<Path> candidates() throws CommandException {
        List<Path> candidates = new ArrayList<>();
        String named = System.getenv(AGENT_VARIABLE);
        if (named != null && !named.isEmpty()) {
            candidates.add(Path.of(named));
            return candidates;
        }
        Path home = ownDirectory();
        candidates.add(home.resolve(AGENT_JAR));
        candidates.add(home.resolve("../../agent/target").resolve(AGENT_JAR).normalize());
        return candidates;
    }

    private static Path ownDirectory() throws CommandException {
        CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI()).toAbsolutePath().resolveSibling("");
        } catch (URISyntaxException impossible) {
            throw new CommandException("cannot tell where this command is installed: " + source, impossible);
        }
    }
}
