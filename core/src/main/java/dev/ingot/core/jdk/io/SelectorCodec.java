package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelector;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Selectors: the kernel's part is made anew, and every valid key is registered with it. */
final class SelectorCodec implements ObjectCodec<AbstractSelector> {
    private static final String EPOLL = "sun.nio.ch.EPollSelectorImpl";
    private static final Set<String> OF_THIS_PROCESS =
            Set.of("epfd", "pollArrayAddress", "eventfd", "fdToKey", "inSelect", "interruptTriggered");

    @Override
    public boolean accepts(Class<?> type) {
        return AbstractSelector.class.isAssignableFrom(type) && type.getName().startsWith("sun.nio.ch.");
    }

    /** After the channels, whose new descriptors the keys are registered by. */
    @Override
    public int order() {
        return RestoreOrder.USER;
    }

    @Override
    public Object[] capture(AbstractSelector selector) throws NotCapturableException {
        if (!selector.getClass().getName().equals(EPOLL)) {
            throw new NotCapturableException(
                    "cannot carry a selector of " + selector.getClass().getName()
                            + "; run without -Djava.nio.channels.spi.SelectorProvider, so that epoll is used");
        }
        Set<String> left = new HashSet<>(OF_THIS_PROCESS);
        left.addAll(ChannelInterruptor.FIELDS);
        boolean woken = Slot.of(selector.getClass(), "interruptTriggered").getBoolean(selector);
        return new @Nullable Object[] {FieldState.capture(selector, left), selector.isOpen() && woken};
    }

    @Override
    public void restore(AbstractSelector selector, Object[] state) throws NotRestorableException {
        FieldState.restore(selector, state[0]);
        ChannelInterruptor.renew(selector);
        Slot.of(selector.getClass(), "fdToKey").put(selector, new HashMap<>());
        if (!selector.isOpen()) {
            return;
        }
        try {
            takeKernelPart(Selector.open(), selector);
            for (Object key : keys(selector)) {
                registerAgain(selector, (SelectionKey) key);
            }
            synchronized (selector) {
                // At once: a thread that stood in a selection is past the point where the next one would do it.
                JdkCall.of(selector.getClass(), "processUpdateQueue").call(selector);
            }
        } catch (IOException e) {
            throw new NotRestorableException("cannot make a selector anew: " + e.getMessage(), e);
        }
        if ((Boolean) state[1]) {
            selector.wakeup();
        }
    }

    private static void takeKernelPart(Selector donor, Selector selector) {
        for (String name : new String[] {"epfd", "pollArrayAddress", "eventfd"}) {
            Slot slot = Slot.of(selector.getClass(), name);
            slot.put(selector, slot.get(donor));
        }
    }

    private static Collection<?> keys(Selector selector) {
        Object keys = Slot.of(JdkClass.of("sun.nio.ch.SelectorImpl"), "keys").get(selector);
        return keys instanceof Collection<?> held ? held : Set.of();
    }

    private static void registerAgain(Selector selector, SelectionKey key) throws IOException {
        Slot.of(key.getClass(), "registeredEvents").put(key, 0);
        if (key.isValid()) {
            JdkCall.of(selector.getClass(), "setEventOps", JdkClass.of("sun.nio.ch.SelectionKeyImpl"))
                    .call(selector, key);
        }
    }
}
