package dev.ingot.agent.observe;

import dev.ingot.runtime.Pin;
import org.jspecify.annotations.Nullable;

/** The events of a JVM without flight recorder. */
final class NoEvents implements CheckpointEvents {

    @Override
    public void phaseBegins(String phase) {}

    @Override
    public void phaseEnds() {}

    @Override
    public void pinned(Pin pin) {}

    @Override
    public void ended(@Nullable String image, Measures measures, @Nullable String failure) {}

    @Override
    public void weaving(WeavingTotals.Snapshot totals) {}
}
