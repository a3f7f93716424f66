import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Counts the records of a topic: the broker numbers them. */
final class KafkaCounter implements Counter {
    private final KafkaProducer<String, String> producer;
    private final String topic;

    KafkaCounter(int port, int client) {
        topic = "counts-" + client;
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:" + port,
                        "acks", "all",
                        "retries", "0",
                        "enable.idempotence", "false",
                        "max.block.ms", "60000"),
                new StringSerializer(),
                new StringSerializer());
    }

    @Override
    public long next() throws Exception {
        return producer.send(new ProducerRecord<>(topic, 0, "key", "value")).get(1, TimeUnit.MINUTES).offset() + 1;
    }

    @Override
    public void close() {
        producer.close();
    }
}
