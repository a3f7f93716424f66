package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The context in which AWT and Swing keep what an application shares: each JVM has one of its own. */
final class ContextResolver implements ObjectResolver<Object> {
    private static final String TYPE = "sun.awt.AppContext";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public Object[] describe(Object context) throws NotCapturableException {
        if (Slot.of(TYPE, "mainAppContext").get(null) != context) {
            throw new NotCapturableException(
                    "cannot capture a second context of AWT, as containers of applets make them; let go of it before the checkpoint");
        }
        return new Object[0];
    }

    @Override
    public Object resolve(Class<?> type, @Nullable Object[] description) {
        return Objects.requireNonNull(
                HiddenMethod.of(JdkClass.of(TYPE), "getAppContext").call(null));
    }
}
