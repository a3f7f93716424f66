package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;

/** The monitor that guards the state of a socket; its field is named differently in earlier and later JDKs. */
final class SocketLock {
    private SocketLock() {}

    static Object of(Class<?> holder, Object socket) {
        Object lock = slot(holder).get(socket);
        return lock == null ? new Object() : lock;
    }

    static void set(Class<?> holder, Object socket, Object lock) {
        slot(holder).put(socket, lock);
    }

    private static Slot slot(Class<?> holder) {
        Slot earlier = Slot.find(holder, "closeLock");
        return earlier != null ? earlier : Slot.of(holder, "socketLock");
    }
}
