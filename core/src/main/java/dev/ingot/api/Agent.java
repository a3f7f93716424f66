package dev.ingot.api;

import dev.ingot.runtime.Control;
import java.util.List;

/**
 * Tells whether the agent is in this JVM. Its part of the runtime is defined by the boot loader; a copy of the runtime on the
 * class path is not it.
 */
final class Agent {
    private static final String CONTROL = "dev.ingot.runtime.Control";

    private Agent() {}

    static boolean isPresent() {
        return isPlanted() && Control.class.getClassLoader() == null && Control.isActive();
    }

    private static boolean isPlanted() {
        try {
            Class.forName(CONTROL, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static void require() throws CheckpointException {
        if (!isPresent()) {
            throw new CheckpointException(
                    "cannot take a checkpoint: Ingot is not in this JVM; start it with -javaagent:ingot-agent.jar",
                    List.of(),
                    false);
        }
    }
}
