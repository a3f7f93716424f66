package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.OtherAgents;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.ArrayList;
import java.util.List;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The MBean servers with what the program has registered in them, and its listeners for notifications of the JVM. Loads no class
 * of {@code java.management} unless the program has used it, as a JVM may lack that module.
 */
final class Management implements StatePart {
    private static final String FACTORY = "java.lang.management.ManagementFactory";
    private static final String SERVERS = "javax.management.MBeanServerFactory";
    private static final String EMITTER = "sun.management.NotificationEmitterSupport";

    @Override
    public String name() {
        return "management";
    }

    @Override
    public @Nullable Object capture() {
        if (!JdkClass.isInitialized(FACTORY)) {
            return null;
        }
        Object platform = Slot.of(FACTORY, "platformMBeanServer").get(null);
        Object[] servers = JdkClass.isInitialized(SERVERS) ? servers().toArray() : new Object[0];
        return new @Nullable Object[] {platform, servers, listeners()};
    }

    @Override
    public void restore(Object state) {
        Object[] parts = (Object[]) state;
        Unsafe.getUnsafe().ensureClassInitialized(JdkClass.of(FACTORY));
        Unsafe.getUnsafe().ensureClassInitialized(JdkClass.of(SERVERS));
        Slot.of(FACTORY, "platformMBeanServer").put(null, parts[0]);
        List<Object> servers = servers();
        for (Object server : (Object[]) parts[1]) {
            if (!servers.contains(server)) {
                servers.add(server);
            }
        }
        addListeners((@Nullable Object[]) parts[2]);
    }

    @SuppressWarnings("unchecked") // the JDK's own list of servers
    private static List<Object> servers() {
        return (List<Object>) java.util.Objects.requireNonNull(
                Slot.of(SERVERS, "mBeanServerList").get(null));
    }

    /** In groups of four: emitter, listener, filter, handback. */
    private static @Nullable Object[] listeners() {
        List<@Nullable Object> found = new ArrayList<>();
        for (NotificationEmitter emitter : emitters()) {
            if (JdkClass.isSubtype(emitter.getClass(), EMITTER)
                    && Slot.of(EMITTER, "listenerList").get(emitter) instanceof List<?> infos) {
                for (Object info : infos) {
                    Object listener =
                            Slot.of(EMITTER + "$ListenerInfo", "listener").get(info);
                    if (listener == null || OtherAgents.own(listener.getClass())) {
                        continue;
                    }
                    found.add(emitter);
                    found.add(listener);
                    found.add(Slot.of(EMITTER + "$ListenerInfo", "filter").get(info));
                    found.add(Slot.of(EMITTER + "$ListenerInfo", "handback").get(info));
                }
            }
        }
        return found.toArray();
    }

    /** Those of memory and of the garbage collectors. */
    private static List<NotificationEmitter> emitters() {
        List<PlatformManagedObject> beans = new ArrayList<>(ManagementFactory.getGarbageCollectorMXBeans());
        beans.add(ManagementFactory.getMemoryMXBean());
        List<NotificationEmitter> emitters = new ArrayList<>();
        for (PlatformManagedObject bean : beans) {
            if (bean instanceof NotificationEmitter emitter) {
                emitters.add(emitter);
            }
        }
        return emitters;
    }

    private static void addListeners(@Nullable Object[] groups) {
        for (int i = 0; i + 3 < groups.length; i += 4) {
            if (groups[i] instanceof NotificationEmitter emitter
                    && groups[i + 1] instanceof NotificationListener listener) {
                emitter.addNotificationListener(listener, (NotificationFilter) groups[i + 2], groups[i + 3]);
            }
        }
    }
}
