package dev.ingot.integration.program;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;

/** Holds beans of the JVM and a proxy of one, has registered its own with the platform's server and listens to the garbage collectors. */
public final class Beans {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final OperatingSystemMXBean proxy;
    private final AtomicBoolean collected = new AtomicBoolean();
    private final List<ObjectName> names = new ArrayList<>();

    private Beans() throws IOException {
        this.proxy = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME, OperatingSystemMXBean.class);
    }

    /** What the program's own bean shows. */
    public interface CounterMBean {
        int getCount();

        void setCount(int count);
    }

    private static final class Counter implements CounterMBean {
        private int count;

        @Override
        public int getCount() {
            return count;
        }

        @Override
        public void setCount(int count) {
            this.count = count;
        }
    }

    public static void main(String[] arguments) throws JMException, IOException {
        new Beans().run();
    }

    private void run() throws JMException {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector).addNotificationListener(this::collected, null, "handback");
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            ObjectName name = new ObjectName("program:type=Counter,number=" + round % 3);
            if (round < 3) {
                server.registerMBean(new Counter(), name);
                names.add(name);
            }
            int count = (Integer) server.getAttribute(name, "Count");
            server.setAttribute(name, new Attribute("Count", count + round));
            Pace.say(round + " " + count + " " + names.size() + " " + (system.getAvailableProcessors() > 0));
        }
        awaitCollection();
        System.out.println(server == ManagementFactory.getPlatformMBeanServer());
        System.out.println(proxy.getName().equals(system.getName()));
        System.out.println(system == ManagementFactory.getOperatingSystemMXBean());
        System.out.println(runtime.getPid() == ProcessHandle.current().pid());
        for (ObjectName name : names) {
            System.out.println(name + " " + server.getAttribute(name, "Count"));
            server.unregisterMBean(name);
        }
    }

    private void collected(Notification notification, Object handback) {
        collected.set(handback.equals("handback"));
    }

    private void awaitCollection() {
        collected.set(false);
        while (!collected.get()) {
            System.gc();
            Pace.step();
        }
        System.out.println("collected");
    }
}
