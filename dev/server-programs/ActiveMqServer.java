import org.apache.activemq.broker.BrokerService;

/** A broker that keeps its messages on disk. */
public final class ActiveMqServer {
    private ActiveMqServer() {}

    public static void main(String[] arguments) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setUseJmx(false);
        broker.setDataDirectory("messages");
        broker.addConnector("tcp://127.0.0.1:" + arguments[0]);
        broker.start();
        broker.waitUntilStopped();
    }
}
