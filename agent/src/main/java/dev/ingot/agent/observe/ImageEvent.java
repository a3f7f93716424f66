package dev.ingot.agent.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** What the events of a checkpoint and of a resume have in common. */
@Category("Ingot")
@StackTrace(false)
abstract class ImageEvent extends Event {
    @Label("Image")
    @Description("Path of the image; none where the checkpoint failed")
    @Nullable String image;

    @Label("Pause")
    @Description("How long program threads stood still")
    @Timespan(Timespan.NANOSECONDS)
    long pause;

    @Label("Threads")
    int threads;

    @Label("Objects")
    long objects;

    @Label("Size")
    @DataAmount(DataAmount.BYTES)
    long bytes;

    @Label("Failure")
    @Nullable String failure;
}
