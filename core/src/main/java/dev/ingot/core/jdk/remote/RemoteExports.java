package dev.ingot.core.jdk.remote;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The objects that this JVM has exported by RMI, each a {@code sun.rmi.transport.Target}. Some are the program's; those by which the JVM lets
 * itself be managed, as its options or a tool told it, are its own: a fresh JVM exports them again if it is told so.
 */
public final class RemoteExports {
    private static final String TABLE = "sun.rmi.transport.ObjectTable";
    private static final String TARGET = "sun.rmi.transport.Target";

    private static final String OF_MANAGEMENT = "sun.management.jmxremote.";
    private static final String SERVER = "javax.management.remote.rmi.RMIServerImpl";
    private static final String CONNECTION = "javax.management.remote.rmi.RMIConnectionImpl";
    private static final String EXPORTER = "com.sun.jmx.remote.rmi.exporter";

    private RemoteExports() {}

    /** All of them but those that no transport reaches from outside; empty if RMI is not in use. */
    public static List<Object> targets() {
        if (!JdkClass.isInitialized(TABLE)) {
            return List.of();
        }
        Map<?, ?> table =
                (Map<?, ?>) Objects.requireNonNull(Slot.of(TABLE, "objTable").get(null));
        Collection<?> targets = table.values();
        return targets.stream()
                .map(target -> (Object) target)
                .filter(target -> transport(target) != null)
                .toList();
    }

    /** What carries calls to the object. */
    public static @Nullable Object transport(Object target) {
        return Slot.of(TARGET, "exportedTransport").get(target);
    }

    /** The object; null once nobody holds it any more. */
    public static @Nullable Object implementation(Object target) {
        return ((Reference<?>)
                        Objects.requireNonNull(Slot.of(TARGET, "weakImpl").get(target)))
                .get();
    }

    /** Whether the object stays exported whether it is held or not. */
    public static boolean isPermanent(Object target) {
        return Slot.of(TARGET, "permanent").getBoolean(target);
    }

    /** Whether the JVM has exported it for its own management. */
    public static boolean isOfJvm(Object target) {
        Object exported = implementation(target);
        return exported != null && isManagement(exported);
    }

    /** Whether {@code transport} carries calls to objects, all of which are of the JVM's own management. */
    public static boolean servesJvmOnly(Object transport) {
        boolean serves = false;
        for (Object target : targets()) {
            if (transport(target) == transport) {
                if (!isOfJvm(target)) {
                    return false;
                }
                serves = true;
            }
        }
        return serves;
    }

    private static boolean isManagement(Object exported) {
        if (JdkClass.isSubtype(exported.getClass(), CONNECTION)) {
            Object server = Slot.of(CONNECTION, "rmiServer").get(exported);
            return server != null && isManagement(server);
        }
        if (JdkClass.isSubtype(exported.getClass(), SERVER)) {
            Object settings = Slot.of(SERVER, "env").get(exported);
            Object exporter = settings instanceof Map<?, ?> map ? map.get(EXPORTER) : null;
            return exporter != null && exporter.getClass().getName().startsWith(OF_MANAGEMENT);
        }
        return exported.getClass().getName().startsWith(OF_MANAGEMENT);
    }
}
