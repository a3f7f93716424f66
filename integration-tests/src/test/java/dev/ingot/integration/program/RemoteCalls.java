package dev.ingot.integration.program;

import java.lang.management.ManagementFactory;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RemoteObject;
import java.rmi.server.UnicastRemoteObject;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;

/** Exports objects by RMI, in a registry of its own and by a connector of JMX, and calls them through their stubs. */
public final class RemoteCalls {
    private RemoteCalls() {}

    /** Counts what it is asked. */
    public interface Counter extends Remote {
        /** The next number. */
        int next() throws RemoteException;

        /** The sum of what {@code source} says. */
        int sum(Counter source, int times) throws RemoteException;
    }

    private static final class Counting implements Counter {
        private final int step;
        private int value;

        Counting(int step) {
            this.step = step;
        }

        @Override
        public synchronized int next() {
            return value += step;
        }

        @Override
        public int sum(Counter source, int times) throws RemoteException {
            int sum = 0;
            for (int i = 0; i < times; i++) {
                sum += source.next();
            }
            return sum;
        }
    }

    /** What the program shows of itself. */
    public interface ShownMBean {
        /** How often it was looked at. */
        int getLooks();
    }

    /** Counts looks. */
    public static final class Shown implements ShownMBean {
        private int looks;

        @Override
        public synchronized int getLooks() {
            return ++looks;
        }
    }

    @SuppressWarnings("BanJNDI") // The address is the program's own.
    public static void main(String[] args) throws Exception {
        Registry registry = LocateRegistry.createRegistry(0);
        Registry remote = (Registry) RemoteObject.toStub(registry);
        Counting ones = new Counting(1);
        Counting threes = new Counting(3);
        remote.rebind("ones", UnicastRemoteObject.exportObject(ones, 0));
        remote.rebind("threes", UnicastRemoteObject.exportObject(threes, 0));

        ObjectName name = new ObjectName("example:type=Shown");
        ManagementFactory.getPlatformMBeanServer().registerMBean(new Shown(), name);
        JMXConnectorServer connector = JMXConnectorServerFactory.newJMXConnectorServer(
                new JMXServiceURL("service:jmx:rmi://"), null, ManagementFactory.getPlatformMBeanServer());
        connector.start();
        JMXConnector client = JMXConnectorFactory.connect(connector.getAddress());
        MBeanServerConnection connection = client.getMBeanServerConnection();

        Counter held = (Counter) remote.lookup("ones");
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Counter found = (Counter) remote.lookup("threes");
            Pace.say(held.next() + " " + held.sum(found, round) + " " + found.sum(held, 3) + " "
                    + connection.getAttribute(name, "Looks") + " " + String.join(",", remote.list()));
            Counting late = new Counting(round);
            Counter stub = (Counter) UnicastRemoteObject.exportObject(late, 0);
            System.out.println(stub.next() + " " + UnicastRemoteObject.unexportObject(late, true));
            try {
                System.out.println(stub.next());
            } catch (NoSuchObjectException expected) {
                System.out.println("not exported any more");
            }
        }
        client.close();
        connector.stop();
        System.out.println("ended with " + ones.value + " and " + threes.value);
        // What is exported keeps a JVM alive.
        System.exit(0);
    }
}
