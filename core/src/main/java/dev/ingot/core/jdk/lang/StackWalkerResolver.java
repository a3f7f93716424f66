package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.StackWalker.Option;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walkers by what they were asked for, as loggers keep one. Each JDK notes that in its own way. */
final class StackWalkerResolver implements ObjectResolver<StackWalker> {
    private static final int OPTIONS = 0;
    private static final int DEPTH = 1;

    private static final Slot OPTIONS_OF = Slot.of(StackWalker.class, "options");
    private static final Slot DEPTH_OF = Slot.of(StackWalker.class, "estimateDepth");

    @Override
    public boolean accepts(Class<?> type) {
        return type == StackWalker.class;
    }

    @Override
    public @Nullable Object[] describe(StackWalker walker) {
        List<String> names = new ArrayList<>();
        if (OPTIONS_OF.get(walker) instanceof Set<?> options) {
            options.forEach(option -> names.add(((Option) option).name()));
        }
        boolean isDefault = walker == StackWalker.getInstance();
        return new @Nullable Object[] {isDefault ? null : names.toArray(), DEPTH_OF.getInt(walker)};
    }

    @Override
    public StackWalker resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("stack walker", description);
        Object[] names = parts.find(OPTIONS, Object[].class);
        if (names == null) {
            return StackWalker.getInstance();
        }
        Set<Option> options = EnumSet.noneOf(Option.class);
        for (Object name : names) {
            try {
                options.add(Option.valueOf(String.valueOf(name)));
            } catch (IllegalArgumentException e) {
                throw new NotRestorableException(
                        "cannot restore a StackWalker: this JDK has no option " + name + "; resume on a newer one", e);
            }
        }
        int depth = parts.get(DEPTH, Integer.class);
        return depth > 0 ? StackWalker.getInstance(options, depth) : walker(options);
    }

    /** With no options one gets the default walker, which this one is not. */
    private static StackWalker walker(Set<Option> options) {
        return options.isEmpty() ? StackWalker.getInstance(options, 1) : StackWalker.getInstance(options);
    }
}
