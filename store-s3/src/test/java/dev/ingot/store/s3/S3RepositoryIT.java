package dev.ingot.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ingot.store.ObjectStore;
import dev.ingot.store.Repository;
import dev.ingot.store.RepositoryContract;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A repository in a bucket of a server that runs as a process of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3RepositoryIT extends RepositoryContract {
    private static final String BUCKET = "images";

    private String endpoint = "";
    private @Nullable Process server;

    @BeforeAll
    void startServer(@TempDir Path home) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        endpoint = "http://127.0.0.1:" + port;
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-jar",
                        System.getProperty("ingot.s3mock"),
                        "--server.address=127.0.0.1",
                        "--server.port=0",
                        "--http.port=" + port,
                        "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
                        "--com.adobe.testing.s3mock.store.root=" + Files.createDirectory(home.resolve("store")))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        server = started;
        await("the server's answer").atMost(Duration.ofMinutes(2)).until(() -> answers() || !started.isAlive());
        assertThat(started.isAlive()).as(Files.readString(home.resolve("log"))).isTrue();
    }

    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(endpoint).toURL().openConnection();
            return connection.getResponseCode() > 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.destroyForcibly().onExit().join();
        }
    }

    @Override
    protected ObjectStore objects() throws IOException {
        return new S3Provider().open(address(UUID.randomUUID().toString()));
    }

    @Override
    protected int histories() {
        return 3;
    }

    private URI address(String prefix) {
        return URI.create("s3://" + BUCKET + "/" + prefix + "?endpoint=" + endpoint);
    }

    @Test
    void isOpenedByItsAddress() throws IOException {
        try (Repository repository = Repository.open(address("empty"))) {
            assertThat(repository.names()).isEmpty();
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Repository.open(URI.create("s3://bucket/x?password=hunter2")))
                .withMessageContaining("there is no parameter 'password'");
    }

    @Test
    void saysWhatItCouldNotDo() throws IOException {
        try (ObjectStore objects = new S3Provider().open(URI.create("s3://nowhere/x?endpoint=" + endpoint))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> objects.list("a/"))
                    .withMessageStartingWith("cannot list s3://nowhere/x/a/: ")
                    .withCauseInstanceOf(S3Exception.class);
        }
    }

    @Test
    void storesLargeObjectsInParts() throws IOException {
        byte[] content = new byte[(20 << 20) + 7];
        new Random(1).nextBytes(content);
        try (ObjectStore objects = objects()) {
            objects.put("large", content);
            assertThat(objects.read("large", content.length)).isEqualTo(content);

            assertThat(objects.create("large", content)).isFalse();
            assertThat(objects.create("other", content)).isTrue();

            assertThat(objects.list("")).extracting(ObjectStore.Entry::bytes).containsOnly((long) content.length);
        }
        try (S3Client client = S3Provider.client(Map.of("endpoint", endpoint))) {
            assertThat(client.listMultipartUploads(request -> request.bucket(BUCKET))
                            .uploads())
                    .isEmpty();
        }
    }

    @Test
    void contentThatChangedOnItsWayIsRefused() {
        byte[] content = {1, 2, 3};
        String other = Checksums.sha256(new byte[] {1, 2, 4}, 0, content.length);
        try (S3Client client = S3Provider.client(Map.of("endpoint", endpoint))) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> client.putObject(
                            request -> request.bucket(BUCKET).key("changed").checksumSHA256(other),
                            RequestBody.fromBytes(content)));
        }
    }

    @Test
    void listsMoreThanAPage() throws IOException {
        try (ObjectStore objects = objects()) {
            for (int i = 0; i < 1005; i++) {
                objects.put("many/" + i, new byte[0]);
            }
            assertThat(objects.list("many/")).hasSize(1005);
        }
    }
}
