package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.CallSite;
import org.jspecify.annotations.Nullable;

/** Call sites by their target. Up to version 24 a site also knows the code compiled against it, which starts anew. */
final class CallSiteCodec implements ObjectCodec<CallSite> {
    static final int ORDER = LambdaFormCodec.ORDER + 1;

    @Override
    public boolean accepts(Class<?> type) {
        return CallSite.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return CallSite.class;
    }

    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public @Nullable Object[] capture(CallSite site) {
        return new @Nullable Object[] {Slot.of(CallSite.class, "target").get(site)};
    }

    @Override
    public void restore(CallSite site, @Nullable Object[] state) {
        Slot.of(CallSite.class, "target").put(site, state[0]);
        Slot context = Slot.find(CallSite.class, "context");
        if (context != null) {
            context.put(
                    site,
                    HiddenMethod.of(context.type(), "make", CallSite.class).call(null, site));
        }
    }
}
