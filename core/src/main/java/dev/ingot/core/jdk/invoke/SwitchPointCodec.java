package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.SwitchPoint;
import org.jspecify.annotations.Nullable;

/**
 * Switch points by the call site that handles guarded by them ask. Its handle is made anew, which is the same in any JDK; the
 * guarded ones hold one of their own.
 */
final class SwitchPointCodec implements ObjectCodec<SwitchPoint> {
    private static final Slot SITE = Slot.of(SwitchPoint.class, "mcs");
    private static final Slot INVOKER = Slot.of(SwitchPoint.class, "mcsInvoker");

    @Override
    public boolean accepts(Class<?> type) {
        return SwitchPoint.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return SwitchPoint.class;
    }

    @Override
    public int order() {
        return CallSiteCodec.ORDER + 1;
    }

    @Override
    public @Nullable Object[] capture(SwitchPoint point) {
        return new @Nullable Object[] {SITE.get(point)};
    }

    @Override
    public void restore(SwitchPoint point, @Nullable Object[] state) throws NotRestorableException {
        MutableCallSite site = new Parts("switch point", state).get(0, MutableCallSite.class);
        SITE.put(point, site);
        INVOKER.put(point, site.dynamicInvoker());
    }
}
