package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.SwitchPoint;
import org.jspecify.annotations.Nullable;

/** Switch points, thrown or not. */
final class SwitchPointCodec implements ObjectCodec<SwitchPoint> {

    @Override
    public boolean accepts(Class<?> type) {
        return SwitchPoint.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return SwitchPoint.class;
    }

    @Override
    public @Nullable Object[] capture(SwitchPoint point) {
        return new Object[] {point.hasBeenInvalidated()};
    }

    @Override
    public void restore(SwitchPoint point, @Nullable Object[] state) {
        SwitchPoint fresh = new SwitchPoint();
        for (String field : new String[] {"mcs", "mcsInvoker"}) {
            Slot slot = Slot.of(SwitchPoint.class, field);
            slot.put(point, slot.get(fresh));
        }
        if (Boolean.TRUE.equals(state[0])) {
            SwitchPoint.invalidateAll(new SwitchPoint[] {point});
        }
    }
}
