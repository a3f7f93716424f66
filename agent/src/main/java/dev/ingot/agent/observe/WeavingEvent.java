package dev.ingot.agent.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("ingot.Weaving")
@Label("Weaving Totals")
@Description("Classes woven since the start of the JVM")
@Category("Ingot")
@StackTrace(false)
final class WeavingEvent extends Event {
    @Label("Classes")
    long classes;

    @Label("Failures")
    @Description("Classes left as they were because weaving failed")
    long failures;

    @Label("Time")
    @Timespan(Timespan.NANOSECONDS)
    long time;
}
