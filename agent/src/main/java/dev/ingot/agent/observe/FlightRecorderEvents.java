package dev.ingot.agent.observe;

import dev.ingot.runtime.Pin;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Events for the flight recorder. Loaded only where the module {@code jdk.jfr} is. */
final class FlightRecorderEvents implements CheckpointEvents {
    private final ImageEvent whole;
    private PhaseEvent phase = new PhaseEvent();

    private FlightRecorderEvents(ImageEvent whole) {
        this.whole = whole;
        whole.begin();
    }

    /** Whether anyone can have started a recording; loads one class. */
    static boolean areRecorded() {
        return FlightRecorder.isInitialized();
    }

    static CheckpointEvents ofCheckpoint(String trigger, boolean suspend) {
        CheckpointEvent event = new CheckpointEvent();
        event.trigger = trigger;
        event.suspend = suspend;
        return new FlightRecorderEvents(event);
    }

    static CheckpointEvents ofResume() {
        return new FlightRecorderEvents(new ResumeEvent());
    }

    @Override
    public void phaseBegins(String name) {
        phase = new PhaseEvent();
        phase.phase = name;
        phase.begin();
    }

    @Override
    public void phaseEnds() {
        phase.commit();
    }

    @Override
    public void pinned(Pin pin) {
        PinEvent event = new PinEvent();
        event.threadName = pin.threadName();
        event.reason = pin.reason().name();
        event.frame = pin.frame();
        event.remedy = pin.remedy();
        event.commit();
    }

    @Override
    public void ended(@Nullable String image, Measures measures, @Nullable String failure) {
        whole.image = image;
        whole.pause = measures.pauseNanos();
        whole.threads = measures.threads();
        whole.objects = measures.objects();
        whole.bytes = measures.bytes();
        whole.failure = failure;
        whole.commit();
    }

    @Override
    public void weaving(WeavingTotals.Snapshot totals) {
        WeavingEvent event = new WeavingEvent();
        event.classes = totals.classes();
        event.failures = totals.failures();
        event.time = totals.nanos();
        event.commit();
    }
}
