package dev.ingot.scheduler.spec;

import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.wire.Quantity;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A service while it is put together. Each setter refuses a value that cannot be by IllegalArgumentException. Not thread-safe. */
final class ServiceDraft {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int MOST_PORT = 65_535;
    private static final String LOOPBACK = "127.0.0.1";

    private @Nullable String name;
    private int port;
    private String host = LOOPBACK;
    private int entrance;
    private int members;
    private int step;
    private long holdMillis = ServicePort.USUAL_HOLD_MILLIS;

    void name(String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'" + value + "' cannot be the name of a service; letters, digits and ._- can");
        }
        name = value;
    }

    void port(int value) {
        if (value < 1 || value > MOST_PORT) {
            throw new IllegalArgumentException("a port is from 1 to " + MOST_PORT + ", not " + value);
        }
        port = value;
    }

    void port(String value) {
        port(number(value));
    }

    private static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("'" + value + "' is no port, nor another number", malformed);
        }
    }

    /** Sets where it is reached, as {@code [HOST:]PORT}. */
    void address(String value) {
        int colon = value.lastIndexOf(':');
        int at = number(value.substring(colon + 1));
        if (at < 1 || at > MOST_PORT) {
            throw new IllegalArgumentException("a port is from 1 to " + MOST_PORT + ", not " + at);
        }
        String named = colon < 0 ? LOOPBACK : value.substring(0, colon);
        String bare = named.startsWith("[") && named.endsWith("]") ? named.substring(1, named.length() - 1) : named;
        // A name may stand for another address tomorrow, and to look it up takes a time that nobody knows.
        if (!NetUtil.isValidIpV4Address(bare) && !NetUtil.isValidIpV6Address(bare)) {
            throw new IllegalArgumentException(
                    "'" + named + "' is no address of a machine; write one in numbers, such as 127.0.0.1 or 0.0.0.0");
        }
        host = bare;
        entrance = at;
    }

    void hold(Duration value) {
        if (value.toMillis() > ServicePort.MOST_HOLD_MILLIS) {
            throw new IllegalArgumentException("connections are held for "
                    + Duration.ofMillis(ServicePort.MOST_HOLD_MILLIS).toMinutes() + "m at most");
        }
        holdMillis = value.toMillis();
    }

    /** Sets at which port of the same host the first member of the gang alone is reached. */
    void members(int value) {
        if (value < 1 || value > MOST_PORT) {
            throw new IllegalArgumentException("a port is from 1 to " + MOST_PORT + ", not " + value);
        }
        members = value;
    }

    /** Sets by how much the port of each member of the gang is higher than that of the one before. */
    void step(int value) {
        if (value < 0 || value > MOST_PORT) {
            throw new IllegalArgumentException("a step is from 0 to " + MOST_PORT + ", not " + value);
        }
        step = value;
    }

    /** Sets one of what can be left out, as {@code NAME=VALUE}. */
    void set(String text) {
        int equals = text.indexOf('=');
        String value = text.substring(equals + 1);
        switch (equals < 0 ? "" : text.substring(0, equals)) {
            case "name" -> name(value);
            case "hold" -> hold(Quantity.duration(value));
            case "members" -> members(number(value));
            case "step" -> step(number(value));
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' says nothing of a service; name=, hold=, members= and step= do");
        }
    }

    ServicePort complete() {
        if (port == 0 || entrance == 0) {
            throw new IllegalArgumentException(
                    "a service needs 'port', of the program, and 'address', where it is reached");
        }
        return new ServicePort(name == null ? "port-" + port : name, port, host, entrance, holdMillis, members, step);
    }
}
