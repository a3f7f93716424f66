package dev.ingot.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The agent and the command that are under test, as the build leaves them. */
public record Installation(Path agent, Path command) {
    /** The property that names the agent's jar; the command lies two directories above it. */
    public static final String AGENT = "ingot.agent.jar";

    /** What the build that runs this test has made. */
    public static Installation ofThisBuild() {
        String named = System.getProperty(AGENT, "../agent/target/ingot-agent.jar");
        Path agent = Path.of(named).toAbsolutePath().normalize();
        if (!Files.isRegularFile(agent)) {
            throw new IllegalStateException(
                    "there is no agent at " + agent + "; build it first, or name it by -D" + AGENT + "=JAR");
        }
        return new Installation(agent, agent.resolveSibling("../../ingot").normalize());
    }
}
