package dev.ingot.agent.observe;

import dev.ingot.runtime.Pin;
import org.jspecify.annotations.Nullable;

/** Events of one checkpoint or resume, told while it happens. Confined to the thread that does the work. */
interface CheckpointEvents {

    void phaseBegins(String phase);

    void phaseEnds();

    void pinned(Pin pin);

    /** The whole is over; {@code failure} is what went wrong, or {@code null}. */
    void ended(@Nullable String image, Measures measures, @Nullable String failure);

    void weaving(WeavingTotals.Snapshot totals);
}
