package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The multicast groups that a datagram channel has joined, and how it sends to any. */
final class Memberships {
    private static final List<SocketOption<?>> OPTIONS = List.of(
            StandardSocketOptions.IP_TOS,
            StandardSocketOptions.IP_MULTICAST_IF,
            StandardSocketOptions.IP_MULTICAST_TTL,
            StandardSocketOptions.IP_MULTICAST_LOOP);

    private Memberships() {}

    /** The options, as name, value, name, value …, and the keys, each with the senders it blocks. */
    static Object[] capture(DatagramChannel channel) throws IOException {
        List<Object> options = new ArrayList<>();
        for (SocketOption<?> option : OPTIONS) {
            Object value = channel.supportedOptions().contains(option) ? channel.getOption(option) : null;
            if (value != null) {
                options.add(option.name());
                options.add(value);
            }
        }
        List<Object> keys = new ArrayList<>();
        for (MembershipKey key : keysOf(channel)) {
            keys.add(key);
            keys.add(
                    Slot.inherited(key, "blockedSet").get(key) instanceof Set<?> blocked
                            ? blocked.toArray()
                            : new Object[0]);
        }
        return new Object[] {options.toArray(), keys.toArray()};
    }

    private static List<MembershipKey> keysOf(DatagramChannel channel) {
        Object registry = Slot.of(channel.getClass(), "registry").get(channel);
        Object groups =
                registry == null ? null : Slot.of(registry.getClass(), "groups").get(registry);
        List<MembershipKey> keys = new ArrayList<>();
        if (groups instanceof Map<?, ?> byGroup) {
            for (Object ofGroup : byGroup.values()) {
                for (Object key : (Collection<?>) ofGroup) {
                    keys.add((MembershipKey) key);
                }
            }
        }
        return keys;
    }

    /**
     * Has {@code donor}, which is bound, send as the captured channel did and join what that had joined. The channel's keys, which name its
     * interfaces as this host's kernel does from then on, stay the channel's own.
     */
    static void restore(DatagramChannel donor, Object captured) throws IOException {
        Object[] state = (Object[]) captured;
        Object[] options = (Object[]) state[0];
        for (int i = 0; i < options.length; i += 2) {
            for (SocketOption<?> option : OPTIONS) {
                if (option.name().equals(options[i])) {
                    set(donor, option, options[i + 1]);
                }
            }
        }
        Object[] keys = (Object[]) state[1];
        for (int i = 0; i < keys.length; i += 2) {
            join(donor, (MembershipKey) keys[i], (Object[]) keys[i + 1]);
        }
    }

    private static <T> void set(DatagramChannel donor, SocketOption<T> option, Object value) throws IOException {
        if (!value.equals(donor.getOption(option))) {
            donor.setOption(option, option.type().cast(value));
        }
    }

    private static void join(DatagramChannel donor, MembershipKey captured, Object[] blocked) throws IOException {
        InetAddress source = captured.sourceAddress();
        MembershipKey joined = source == null
                ? donor.join(captured.group(), captured.networkInterface())
                : donor.join(captured.group(), captured.networkInterface(), source);
        for (Object sender : blocked) {
            joined.block((InetAddress) sender);
        }
        if (joined.getClass() != captured.getClass()) {
            throw new IOException(
                    "group " + captured.group() + " is joined by another version of the protocol on this host");
        }
        for (Field field : Slot.declaredFields(captured.getClass())) {
            if (!Modifier.isStatic(field.getModifiers())) {
                Slot slot = Slot.of(field);
                slot.put(captured, slot.get(joined));
            }
        }
    }
}
