package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.remote.RemoteExports;
import dev.ingot.runtime.ManagedThreads;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * What RMI keeps of a program: the objects it has exported, the endpoints at which they are reached, who holds leases on them, and
 * the objects of others on which the program holds one. Those that the JVM has exported for its own management are not among
 * them, as a fresh JVM exports them again. Loads no class of {@code java.rmi} unless the program has used it.
 *
 * <p>The threads that accept connections, look for what nobody holds any more and renew leases are the JDK's and not part of an
 * image; {@link #startThreads} makes them anew.
 */
final class RemoteObjects implements StatePart {
    private static final String TRANSPORT = "sun.rmi.transport.";
    private static final String TABLE = TRANSPORT + "ObjectTable";
    private static final String TARGET = TRANSPORT + "Target";
    private static final String LEASES = TRANSPORT + "DGCImpl";
    private static final String CLIENT = TRANSPORT + "DGCClient";
    private static final String HELD = CLIENT + "$EndpointEntry";
    private static final String ENDPOINT = TRANSPORT + "tcp.TCPEndpoint";
    private static final String TCP = TRANSPORT + "tcp.TCPTransport";

    private static final int TARGETS = 0;
    private static final int ENDPOINTS = 1;
    private static final int LEASE_HOLDERS = 2;
    private static final int HELD_OBJECTS = 3;
    private static final int KEPT_ALIVE = 4;

    private static @Nullable Restored waiting;

    @Override
    public String name() {
        return "remote-objects";
    }

    @Override
    public @Nullable Object capture() {
        if (!JdkClass.isInitialized(ENDPOINT)) {
            return null;
        }
        List<Object> exported = new ArrayList<>();
        int keptAliveByJvm = 0;
        for (Object target : RemoteExports.targets()) {
            if (!RemoteExports.isOfJvm(target)) {
                exported.add(target);
            } else if (!RemoteExports.isPermanent(target)) {
                keptAliveByJvm++;
            }
        }
        int keptAlive =
                JdkClass.isInitialized(TABLE) ? Slot.of(TABLE, "keepAliveCount").getInt(null) : 0;
        return new Object[] {exported.toArray(), endpoints(), leaseHolders(), heldObjects(), keptAlive - keptAliveByJvm
        };
    }

    @Override
    public void restore(Object state) {
        @Nullable Object[] parts = (@Nullable Object[]) state;
        Unsafe.getUnsafe().ensureClassInitialized(JdkClass.of(LEASES));
        Object[] endpoints = array(parts[ENDPOINTS]);
        Map<Object, Object> local = table(ENDPOINT, "localEndpoints");
        for (int i = 0; i + 1 < endpoints.length; i += 2) {
            local.put(endpoints[i], endpoints[i + 1]);
        }
        restoreLeaseHolders(array(parts[LEASE_HOLDERS]));
        int keptAlive = ((Number) Objects.requireNonNull(parts[KEPT_ALIVE])).intValue();
        for (Object target : array(parts[TARGETS])) {
            if (RemoteExports.implementation(target) != null) {
                export(target);
            } else {
                // Nobody held it any more, so the image is without it.
                HiddenMethod.of(JdkClass.of(TCP), "targetUnexported").call(RemoteExports.transport(target));
                keptAlive -= RemoteExports.isPermanent(target) ? 0 : 1;
            }
        }
        waiting = new Restored(listening(endpoints), keptAlive, List.of(array(parts[HELD_OBJECTS])));
    }

    /** Starts what serves the exported objects and renews leases; called once when the program's threads may run. */
    static void startThreads() {
        Restored restored = waiting;
        waiting = null;
        if (restored == null) {
            return;
        }
        HiddenMethod keepAlive = HiddenMethod.of(JdkClass.of(TABLE), "incrementKeepAliveCount");
        for (int i = 0; i < restored.keptAlive; i++) {
            keepAlive.call(null);
        }
        HiddenMethod acceptLoop =
                HiddenMethod.constructor(JdkClass.of(TCP + "$AcceptLoop"), JdkClass.of(TCP), ServerSocket.class);
        for (Object transport : restored.transports) {
            ServerSocket server = Slot.of(TCP, "server").get(transport, ServerSocket.class);
            Runnable loop = (Runnable) acceptLoop.make(transport, server);
            start(loop, "RMI TCP Accept-" + Objects.requireNonNull(server).getLocalPort());
        }
        if (!restored.held.isEmpty()) {
            start(new Renewal(restored.held), "RMI Renew");
        }
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(ManagedThreads.systemThreadGroup(), task, name);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    /** Key and endpoints in turn of each transport that serves the program. */
    private static Object[] endpoints() {
        List<Object> pairs = new ArrayList<>();
        table(ENDPOINT, "localEndpoints").forEach((key, endpoints) -> {
            if (!RemoteExports.servesJvmOnly(transport(endpoints))) {
                pairs.add(key);
                pairs.add(endpoints);
            }
        });
        return pairs.toArray();
    }

    private static Object transport(Object endpoints) {
        Object first = ((List<?>) endpoints).get(0);
        return Objects.requireNonNull(Slot.of(ENDPOINT, "transport").get(first));
    }

    /** The transports of {@code endpoints} that have a server socket, each once. */
    private static List<Object> listening(Object[] endpoints) {
        Set<Object> transports = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 1; i < endpoints.length; i += 2) {
            Object transport = transport(endpoints[i]);
            if (Slot.of(TCP, "server").get(transport) != null) {
                transports.add(transport);
            }
        }
        return List.copyOf(transports);
    }

    private static Object[] leaseHolders() {
        Object leases = JdkClass.isInitialized(LEASES) ? Slot.of(LEASES, "dgc").get(null) : null;
        return leases == null
                ? new Object[0]
                : ((Map<?, ?>) Objects.requireNonNull(
                                Slot.of(LEASES, "leaseTable").get(leases)))
                        .keySet()
                        .toArray();
    }

    /** Each gets a whole lease, as the time they were given may have passed while there was no program to renew it at. */
    private static void restoreLeaseHolders(Object[] holders) {
        Object leases = Slot.of(LEASES, "dgc").get(null);
        Class<?> id = JdkClass.of("java.rmi.server.ObjID");
        Class<?> lease = JdkClass.of("java.rmi.dgc.Lease");
        Class<?> machine = JdkClass.of("java.rmi.dgc.VMID");
        HiddenMethod dirty = HiddenMethod.of(JdkClass.of(LEASES), "dirty", id.arrayType(), long.class, lease);
        HiddenMethod newLease = HiddenMethod.constructor(lease, machine, long.class);
        for (Object holder : holders) {
            dirty.call(leases, java.lang.reflect.Array.newInstance(id, 0), 0L, newLease.make(holder, 0L));
        }
    }

    private static void export(Object target) {
        Class<?> type = JdkClass.of(TARGET);
        Object place = HiddenMethod.of(type, "getObjectEndpoint").call(target);
        table(TABLE, "objTable").put(Objects.requireNonNull(place), target);
        table(TABLE, "implTable")
                .put(Objects.requireNonNull(Slot.of(type, "weakImpl").get(target)), target);
        HiddenMethod register =
                HiddenMethod.of(JdkClass.of(LEASES), "registerTarget", JdkClass.of("java.rmi.dgc.VMID"), type);
        Object leases = Slot.of(LEASES, "dgc").get(null);
        for (Object holder : List.copyOf(
                (Collection<?>) Objects.requireNonNull(Slot.of(type, "refSet").get(target)))) {
            register.call(leases, holder, target);
        }
    }

    /**
     * Endpoint and references, held weakly, in turn: an object stays in the image only if the program holds it.
     */
    private static Object[] heldObjects() {
        List<Object> pairs = new ArrayList<>();
        if (JdkClass.isInitialized(HELD)) {
            table(HELD, "endpointTable").forEach((endpoint, entry) -> {
                pairs.add(endpoint);
                pairs.add(references(entry));
            });
        }
        return pairs.toArray();
    }

    private static Object[] references(Object entry) {
        List<Object> references = new ArrayList<>();
        Map<?, ?> table =
                (Map<?, ?>) Objects.requireNonNull(Slot.of(HELD, "refTable").get(entry));
        for (Object held : table.values()) {
            Collection<?> phantoms = (Collection<?>)
                    Objects.requireNonNull(Slot.of(HELD + "$RefEntry", "refSet").get(held));
            for (Object phantom : phantoms) {
                Object reference = Slot.of(Reference.class, "referent").get(phantom);
                if (reference != null) {
                    references.add(new WeakReference<>(reference));
                }
            }
        }
        return references.toArray();
    }

    @SuppressWarnings("unchecked") // tables of the JDK's own
    private static Map<Object, Object> table(String holder, String field) {
        return (Map<Object, Object>)
                Objects.requireNonNull(Slot.of(holder, field).get(null));
    }

    private static Object[] array(@Nullable Object value) {
        return (Object[]) Objects.requireNonNull(value);
    }

    /** What remains to be started. */
    private record Restored(List<Object> transports, int keptAlive, List<Object> held) {}

    /** Takes leases on objects of other processes, in the name of the new JVM. Waits for them, so it has a thread of its own. */
    private static final class Renewal implements Runnable {
        private final List<Object> held;

        Renewal(List<Object> held) {
            this.held = held;
        }

        @Override
        public void run() {
            Class<?> client = JdkClass.of(CLIENT);
            HiddenMethod register =
                    HiddenMethod.of(client, "registerRefs", JdkClass.of(TRANSPORT + "Endpoint"), List.class);
            for (int i = 0; i + 1 < held.size(); i += 2) {
                List<Object> references = new ArrayList<>();
                for (Object reference : array(held.get(i + 1))) {
                    Object alive = ((Reference<?>) reference).get();
                    if (alive != null) {
                        references.add(alive);
                    }
                }
                if (!references.isEmpty()) {
                    register.call(null, held.get(i), references);
                }
            }
        }
    }
}
