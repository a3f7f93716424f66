package dev.ingot.core.jdk.ref;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.ref.CleanerFactory;
import jdk.internal.ref.CleanerImpl;
import jdk.internal.ref.PhantomCleanable;
import org.jspecify.annotations.Nullable;

/** The list of pending cleanables of a cleaner: a ring through the cleanables at first, since version 24 blocks of them. */
abstract class Cleanables {
    private static final Slot IMPLEMENTATION = Slot.of(Cleaner.class, "impl");
    private static final Cleanables THIS_JDK =
            JdkClass.find("jdk.internal.ref.CleanerImpl$CleanableList") == null ? new Ring() : new Blocks();

    /** How this JDK keeps them. */
    static Cleanables ofThisJdk() {
        return THIS_JDK;
    }

    /** The cleaner the JDK uses for itself. */
    static CleanerImpl common() {
        return (CleanerImpl) required(IMPLEMENTATION.get(CleanerFactory.cleaner()), CleanerFactory.cleaner());
    }

    /** The list of {@code cleaner}. */
    abstract Object listOf(CleanerImpl cleaner);

    /** The list that {@code cleanable} is in or was in. */
    abstract @Nullable Object listOf(PhantomCleanable<?> cleanable);

    abstract boolean isPending(PhantomCleanable<?> cleanable);

    abstract Object[] pending(CleanerImpl cleaner);

    /** Gives {@code cleaner} an empty list. */
    abstract void clear(CleanerImpl cleaner);

    abstract void add(CleanerImpl cleaner, PhantomCleanable<?> cleanable);

    /** Makes {@code cleanable} one whose action has run or been given up. */
    abstract void finish(PhantomCleanable<?> cleanable);

    private static Object required(@Nullable Object found, Object holder) {
        if (found == null) {
            throw new IllegalStateException("cannot find the cleanables of "
                    + holder.getClass().getName() + " in JDK " + Runtime.version() + "; Ingot knows JDK 17 to 25");
        }
        return found;
    }

    /** A ring of cleanables that starts and ends at one without an action. */
    private static final class Ring extends Cleanables {
        private final Slot head = Slot.of(CleanerImpl.class, "phantomCleanableList");
        private final Slot list = Slot.of(PhantomCleanable.class, "list");
        private final Slot next = Slot.of(PhantomCleanable.class, "next");
        private final Slot previous = Slot.of(PhantomCleanable.class, "prev");
        private final HiddenMethod insert = HiddenMethod.of(PhantomCleanable.class, "insert");
        private final HiddenMethod newHead = HiddenMethod.constructor(CleanerImpl.PhantomCleanableRef.class);

        @Override
        Object listOf(CleanerImpl cleaner) {
            return required(head.get(cleaner), cleaner);
        }

        @Override
        @Nullable Object listOf(PhantomCleanable<?> cleanable) {
            return list.get(cleanable);
        }

        @Override
        boolean isPending(PhantomCleanable<?> cleanable) {
            return next.get(cleanable) != cleanable;
        }

        @Override
        Object[] pending(CleanerImpl cleaner) {
            Object start = listOf(cleaner);
            List<Object> found = new ArrayList<>();
            synchronized (start) {
                for (Object at = next.get(start); at != start && at != null; at = next.get(at)) {
                    found.add(at);
                }
            }
            return found.toArray();
        }

        @Override
        void clear(CleanerImpl cleaner) {
            Object start = newHead.make();
            next.put(start, start);
            previous.put(start, start);
            head.put(cleaner, start);
        }

        @Override
        void add(CleanerImpl cleaner, PhantomCleanable<?> cleanable) {
            list.put(cleanable, listOf(cleaner));
            insert.call(cleanable);
        }

        @Override
        void finish(PhantomCleanable<?> cleanable) {
            list.put(cleanable, cleanable);
            next.put(cleanable, cleanable);
            previous.put(cleanable, cleanable);
        }
    }

    /** A chain of blocks of cleanables; each knows its block and its place there. */
    private static final class Blocks extends Cleanables {
        private final Class<?> listType = JdkClass.of("jdk.internal.ref.CleanerImpl$CleanableList");
        private final Class<?> blockType = JdkClass.of("jdk.internal.ref.CleanerImpl$CleanableList$Node");
        private final Slot active = Slot.of(CleanerImpl.class, "activeList");
        private final Slot first = Slot.of(listType, "head");
        private final Slot elements = Slot.of(blockType, "arr");
        private final Slot size = Slot.of(blockType, "size");
        private final Slot nextBlock = Slot.of(blockType, "next");
        private final Slot list = Slot.of(PhantomCleanable.class, "list");
        private final Slot block = Slot.of(PhantomCleanable.class, "node");
        private final HiddenMethod insert = HiddenMethod.of(listType, "insert", PhantomCleanable.class);
        private final HiddenMethod newList = HiddenMethod.constructor(listType);

        @Override
        Object listOf(CleanerImpl cleaner) {
            return required(active.get(cleaner), cleaner);
        }

        @Override
        @Nullable Object listOf(PhantomCleanable<?> cleanable) {
            return list.get(cleanable);
        }

        @Override
        boolean isPending(PhantomCleanable<?> cleanable) {
            return block.get(cleanable) != null;
        }

        @Override
        Object[] pending(CleanerImpl cleaner) {
            Object all = listOf(cleaner);
            List<Object> found = new ArrayList<>();
            synchronized (all) {
                for (Object at = first.get(all); at != null; at = nextBlock.get(at)) {
                    addAll(found, at);
                }
            }
            return found.toArray();
        }

        private void addAll(List<Object> found, Object at) {
            Object[] cleanables = (Object[]) required(elements.get(at), at);
            int count = size.getInt(at);
            for (int i = 0; i < count; i++) {
                found.add(cleanables[i]);
            }
        }

        @Override
        void clear(CleanerImpl cleaner) {
            active.put(cleaner, newList.make());
        }

        @Override
        void add(CleanerImpl cleaner, PhantomCleanable<?> cleanable) {
            Object all = listOf(cleaner);
            list.put(cleanable, all);
            insert.call(all, cleanable);
        }

        @Override
        void finish(PhantomCleanable<?> cleanable) {
            list.put(cleanable, listOf(common()));
        }
    }
}
