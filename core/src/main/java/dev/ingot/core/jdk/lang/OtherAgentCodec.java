package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.runtime.OtherAgents;

/**
 * Refuses what another agent's class loader has loaded, and the loader: the fresh JVM has an agent and a loader of its own, and two
 * would work against each other. What such an agent put into the boot loader for programs to hold is carried like the
 * program's own objects.
 */
final class OtherAgentCodec implements ObjectCodec<Object> {
    @Override
    public boolean accepts(Class<?> type) {
        return OtherAgents.own(type) && (type.getClassLoader() != null || ClassLoader.class.isAssignableFrom(type));
    }

    @Override
    public Object[] capture(Object object) throws NotCapturableException {
        throw new NotCapturableException("cannot carry a " + object.getClass().getTypeName()
                + ": it belongs to another Java agent, which a fresh JVM starts anew; take the checkpoint when the"
                + " program does not hold it, or start the program without that agent");
    }

    @Override
    public void restore(Object object, Object[] state) {
        throw new IllegalStateException("what another agent owns is in no image");
    }
}
