package dev.ingot.agent.observe;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;

/** The main class of a JVM that starts, weaves, and then takes a checkpoint. */
final class ObservingProgram {

    private ObservingProgram() {}

    public static void main(String[] arguments) {
        Observer observer = Observer.of(AgentLog.toStderr(LogLevel.QUIET));
        observer.weaving().wove(1);
        observer.classLoading("a/B", Runnable::run);
        System.out.println("started");
        try (CheckpointObservation checkpoint = observer.checkpoint("test", false)) {
            checkpoint.enter(CheckpointPhase.STOP);
            checkpoint.completed("/i/1", 1, 1, 1);
        }
        System.out.println("checkpointed");
    }
}
