import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.jms.TextMessage;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Keeps the count in the one message of a queue, which each transaction takes and replaces. */
final class ActiveMqCounter implements Counter {
    private static final Set<Integer> BEGUN = ConcurrentHashMap.newKeySet();
    private static final long LONG_ENOUGH = 30_000;

    private final Connection connection;
    private final Session session;
    private final MessageConsumer consumer;
    private final MessageProducer producer;

    ActiveMqCounter(int port, int client) throws Exception {
        connection = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createConnection();
        connection.start();
        session = connection.createSession(true, Session.SESSION_TRANSACTED);
        producer = session.createProducer(session.createQueue("counts-" + client));
        consumer = session.createConsumer(session.createQueue("counts-" + client));
        if (!BEGUN.contains(client)) {
            producer.send(session.createTextMessage("0"));
            session.commit();
            BEGUN.add(client);
        }
    }

    @Override
    public long next() throws Exception {
        TextMessage message = (TextMessage) consumer.receive(LONG_ENOUGH);
        if (message == null) {
            throw new JMSException("no message");
        }
        long next = Long.parseLong(message.getText()) + 1;
        producer.send(session.createTextMessage(Long.toString(next)));
        session.commit();
        return next;
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
