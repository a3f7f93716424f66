package dev.ingot.core.jdk.logging;

import dev.ingot.core.heap.ObjectResolver;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The JDK's manager has a root logger in every JVM, whose configuration is state of the JVM; that of a program's own is carried. */
final class RootLoggerResolver implements ObjectResolver<Logger> {
    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("java.util.logging.LogManager$RootLogger") && OwnLogManager.installed() == null;
    }

    @Override
    public @Nullable Object[] describe(Logger logger) {
        return new Object[0];
    }

    @Override
    public Logger resolve(Class<?> type, @Nullable Object[] description) {
        return LogManager.getLogManager().getLogger("");
    }
}
