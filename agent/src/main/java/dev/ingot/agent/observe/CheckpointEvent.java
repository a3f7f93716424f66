package dev.ingot.agent.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("ingot.Checkpoint")
@Label("Checkpoint")
@Category("Ingot")
@StackTrace(false)
final class CheckpointEvent extends ImageEvent {
    @Label("Trigger")
    @Description("What asked for the checkpoint")
    String trigger = "";

    @Label("Suspend")
    @Description("Whether the JVM ends after the checkpoint")
    boolean suspend;
}
