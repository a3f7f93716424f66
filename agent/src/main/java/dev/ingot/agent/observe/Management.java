package dev.ingot.agent.observe;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** The entry in the platform MBean server. Loaded only where the module {@code java.management} is. */
final class Management {
    private static final String NAME = "dev.ingot:type=Checkpoints";

    private Management() {}

    /**
     * Registers a bean for the statistics where the program has an MBean server. Where it has none nobody can look; and to
     * make one would start parts of the JDK, such as logging, before the program configures them.
     *
     * @return whether the bean is registered
     */
    static boolean enter(Statistics statistics) {
        if (MBeanServerFactory.findMBeanServer(null).isEmpty()) {
            return false;
        }
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(NAME);
            if (!server.isRegistered(name)) {
                server.registerMBean(new Checkpoints(statistics), name);
            }
            return true;
        } catch (JMException e) {
            throw new IllegalStateException("cannot register the MXBean " + NAME + "; checkpoints work without it", e);
        }
    }

    static void leave() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(NAME);
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
        } catch (JMException e) {
            throw new IllegalStateException("cannot take out the MXBean " + NAME + " while an image is taken", e);
        }
    }
}
