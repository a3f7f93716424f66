package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.ServicePort;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where services may be reached.
 *
 * @param host an address of the machine; one that stands for all has every address allowed. The machine itself may always reach them
 * @param from the lowest port
 * @param to the highest port
 */
public record ServiceRange(String host, int from, int to) {
    private static final Pattern FORM = Pattern.compile("(?:(.+):)?([0-9]{1,5})-([0-9]{1,5})");
    private static final int MOST_PORT = 65_535;
    private static final String LOOPBACK = "127.0.0.1";

    /** The machine itself alone, and no port for which a process needs privileges. */
    public static ServiceRange usual() {
        return new ServiceRange(LOOPBACK, 1024, MOST_PORT);
    }

    /** Reads {@code [HOST:]FROM-TO}. */
    public static ServiceRange parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no range of ports; write [HOST:]FROM-TO, such as 0.0.0.0:18000-18999");
        }
        String named = form.group(1) == null ? LOOPBACK : form.group(1).replaceAll("[\\[\\]]", "");
        int from = Integer.parseInt(form.group(2));
        int to = Integer.parseInt(form.group(3));
        if (from < 1 || to < from || to > MOST_PORT) {
            throw new IllegalArgumentException("'" + text + "' has no ports; they are from 1 to " + MOST_PORT);
        }
        return new ServiceRange(named, from, to);
    }

    boolean allows(ServicePort port) {
        boolean machine = port.host().startsWith("127.") || port.host().equals("::1");
        boolean every = host.equals("0.0.0.0") || host.equals("::");
        return port.entrance() >= from && port.entrance() <= to && (machine || every || host.equals(port.host()));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + from + "-" + to;
    }
}
