package dev.ingot.agent.observe;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("ingot.Phase")
@Label("Phase of a Checkpoint or Resume")
@Category("Ingot")
@StackTrace(false)
final class PhaseEvent extends Event {
    @Label("Phase")
    String phase = "";
}
