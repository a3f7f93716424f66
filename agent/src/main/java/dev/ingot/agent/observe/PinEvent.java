package dev.ingot.agent.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("ingot.Pin")
@Label("Pinned Thread")
@Description("A thread that could not be captured before the deadline")
@Category("Ingot")
@StackTrace(false)
final class PinEvent extends Event {
    @Label("Thread Name")
    String threadName = "";

    @Label("Reason")
    String reason = "";

    @Label("Frame")
    @Nullable String frame;

    @Label("Remedy")
    String remedy = "";
}
