package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/** Names the steps from a root to an object for messages, such as {@code thread "main"} or {@code local list}. */
@FunctionalInterface
public interface PathNames {
    /** Every step gets its plain name: class and field, or class and index. */
    PathNames PLAIN = (holder, step) -> null;

    /**
     * What to call the step from {@code holder} along {@code step}, a field name or {@code [index]}.
     *
     * @return null for the plain name; the empty string to leave the step out
     */
    @Nullable String name(Object holder, String step);
}
