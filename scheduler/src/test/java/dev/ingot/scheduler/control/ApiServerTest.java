package dev.ingot.scheduler.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.access.AccessFile;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.RequestLimit;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.access.Token;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API at a port: who gets in, what each may, and what becomes of those who mean harm. */
class ApiServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path files;

    private final HttpClient http = HttpClient.newHttpClient();
    private PoolDirectory directory = new PoolDirectory(Path.of("/tmp"));
    private @Nullable ControlPlane plane;
    private @Nullable ApiServer server;
    private final String admin = Token.create();
    private final String alice = Token.create();
    private final String bob = Token.create();
    private final String watcher = Token.create();

    @BeforeEach
    void start() throws IOException {
        // Sockets have short names, which not every place for temporary files allows.
        directory = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        directory.prepare();
        new AccessFile(directory.access())
                .change(none -> List.of(
                        grant("root", Role.ADMIN, null, admin),
                        grant("alice", Role.OPERATOR, "team-a", alice),
                        grant("bob", Role.OPERATOR, "team-b", bob),
                        grant("watcher", Role.VIEWER, null, watcher)));
        plane = ControlPlane.open(directory.journal(), Policy.USUAL, Duration.ofHours(1));
        plane().submit(new Command.Join("node1", "1", new Resources(2000, 4000, 0)))
                .join();
    }

    @AfterEach
    void end() throws IOException {
        if (server != null) {
            server.close();
        }
        plane().close();
        try (Stream<Path> all = Files.walk(directory.path())) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Grant grant(String name, Role role, @Nullable String tenant, String token) {
        return new Grant(new Identity(name, role, tenant), Token.hash(token), null);
    }

    private ControlPlane plane() {
        return Objects.requireNonNull(plane);
    }

    private void listen() throws IOException {
        listen(new Listen(loopback(), null, null, null));
    }

    /** With limits that fill up again in no time that a test takes, so that its speed does not matter. */
    private void listenWithLimits(int clientBurst, int strangerBurst) throws IOException {
        Limits limits = new Limits(new RequestLimit(1e-6, clientBurst), new RequestLimit(1e-6, strangerBurst));
        server = ApiServer.start(
                directory, plane(), new Listen(loopback(), null, null, null), ServiceRange.usual(), limits);
    }

    private void listen(Listen listen) throws IOException {
        server = ApiServer.start(directory, plane(), listen, ServiceRange.usual());
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private URI uri() {
        return Objects.requireNonNull(Objects.requireNonNull(server).uri());
    }

    /* ---- Who gets in ---- */

    @Test
    void whoProvesNothingGetsNothing() throws Exception {
        listen();

        assertThat(get(null, "/v1/workloads").statusCode()).isEqualTo(401);
        assertThat(get(null, "/v1/workloads").headers().firstValue("WWW-Authenticate"))
                .contains("Bearer");
        assertThat(get("ingot_wrong", "/v1/workloads").statusCode()).isEqualTo(401);
        assertThat(get(Token.hash(admin), "/v1/workloads").statusCode()).isEqualTo(401);
        assertThat(get(admin, "/v1/workloads").statusCode()).isEqualTo(200);
        assertThat(get(null, "/v1/health").body()).contains("ok");
        assertThat(get(null, "/v1/openapi.json").statusCode()).isEqualTo(200);
    }

    @Test
    void guessingIsSlowedDownAndHindersNobodyElse() throws Exception {
        listenWithLimits(100, 20);

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            statuses.add(get("ingot_guess" + i, "/v1/workloads").statusCode());
        }

        assertThat(statuses.subList(0, 20)).containsOnly(401);
        assertThat(statuses.subList(20, 30)).containsOnly(429);
        assertThat(get(admin, "/v1/workloads").statusCode()).isEqualTo(200);
    }

    @Test
    void rolesAreHeeded() throws Exception {
        listen();

        assertThat(post(watcher, "/v1/workloads", workload("team-a")).statusCode())
                .isEqualTo(403);
        assertThat(post(alice, "/v1/nodes/node1/cordon", "{}").statusCode()).isEqualTo(403);
        assertThat(post(alice, "/v1/tenants/team-a/reserve", "{}").statusCode()).isEqualTo(403);
        assertThat(post(alice, "/v1/tenants/team-a/limit", "{}").statusCode()).isEqualTo(403);
        assertThat(post(alice, "/v1/beat", "{}").statusCode()).isEqualTo(403);
        assertThat(post(alice, "/v1/plan", "{\"drain\":\"node1\"}").statusCode())
                .isEqualTo(403);
        assertThat(post(admin, "/v1/nodes/node1/cordon", "{}").statusCode()).isEqualTo(200);
        assertThat(get(watcher, "/v1/nodes").body()).contains("\"cordoned\":true");
    }

    @Test
    void aTenantKnowsOfItsParts() throws Exception {
        listen();
        String whole = submit(admin, "team-a", "k");
        String part = submit(admin, "team-a/vision", "k");
        String other = submit(admin, "team-ab/vision", "k");
        assertThat(part).isNotEqualTo(whole);

        assertThat(get(alice, "/v1/workloads").body()).contains(whole, part).doesNotContain(other);
        assertThat(get(alice, "/v1/workloads?tenant=team-a/vision").body())
                .contains(part)
                .doesNotContain(whole);
        assertThat(get(alice, "/v1/workloads/" + part).body()).contains("\"tenant\":\"team-a/vision\"");
        assertThat(post(bob, "/v1/workloads", workload("team-a/vision")).statusCode())
                .isEqualTo(403);
        assertThat(post(alice, "/v1/workloads", workload("team-a/speech")).statusCode())
                .isEqualTo(200);
        assertThat(get(alice, "/v1/tenants").body()).doesNotContain("team-ab");
    }

    @Test
    void aKeyOfATenantIsNoneOfItsParts() throws Exception {
        listen();

        assertThat(submit(admin, "team-a", "vision/k")).isNotEqualTo(submit(admin, "team-a/vision", "k"));
    }

    @Test
    void partsOfTenantsHaveReservationsOfTheirOwn() throws Exception {
        listen();
        String amount = "{\"reservation\":{\"milliCores\":1000,\"memoryMiB\":10,\"milliDevices\":0}}";

        assertThat(post(admin, "/v1/tenants/team-a/vision/reserve", amount).body())
                .contains("of what team-a has reserved");
        assertThat(post(admin, "/v1/tenants/team-a/reserve", amount).statusCode())
                .isEqualTo(200);
        assertThat(post(admin, "/v1/tenants/team-a%2Fvision/reserve", amount).statusCode())
                .isEqualTo(200);
        assertThat(post(admin, "/v1/tenants/team-a//reserve", amount).statusCode())
                .isEqualTo(400);
        assertThat(get(bob, "/v1/tenants").body()).doesNotContain("team-a");
        assertThat(get(alice, "/v1/tenants").body()).contains("\"name\":\"team-a/vision\"");
    }

    @Test
    void aTenantKnowsOfNoOther() throws Exception {
        listen();
        String hers = submit(alice, "team-a", "same-key");
        String his = submit(bob, "team-b", "same-key");
        assertThat(his).isNotEqualTo(hers);

        for (String action : List.of("suspend", "resume", "cancel", "migrate")) {
            assertThat(post(bob, "/v1/workloads/" + hers + "/" + action, "{}").statusCode())
                    .isEqualTo(404);
        }
        assertThat(get(bob, "/v1/workloads/" + hers).statusCode()).isEqualTo(404);
        assertThat(get(bob, "/v1/workloads/" + hers).body())
                .isEqualTo(get(bob, "/v1/workloads/none-1").body().replace("none-1", hers));
        assertThat(get(bob, "/v1/workloads/" + hers + "/output").statusCode()).isEqualTo(404);
        assertThat(get(bob, "/v1/workloads?tenant=team-a").body()).contains(his).doesNotContain(hers);
        assertThat(get(bob, "/v1/events").body()).contains(his, "node1").doesNotContain(hers);
        assertThat(get(bob, "/v1/tenants").body()).doesNotContain("team-a");
        assertThat(post(bob, "/v1/workloads", workload("team-a")).statusCode()).isEqualTo(403);
        assertThat(get(alice, "/v1/workloads/" + hers).statusCode()).isEqualTo(200);
        assertThat(get(watcher, "/v1/workloads").body()).contains(hers, his);
    }

    @Test
    void aPlanNamesNobodyElsesWorkloads() throws Exception {
        listen();
        submit(alice, "team-a", "1");
        submit(bob, "team-b", "2");
        String hers = submit(alice, "team-a", "3");

        String plan = post(
                        bob, "/v1/plan", "{\"submit\":\"" + workload("team-b").replace("\"", "\\\"") + "\"}")
                .body();

        assertThat(plan).contains("another tenant's (STANDARD)").doesNotContain(hers);
    }

    @Test
    void whyNamesNobodyElsesWorkloads() throws Exception {
        listen();
        String hers = submit(alice, "team-a", "1");
        submit(alice, "team-a", "2");
        String his = submit(bob, "team-b", "3");

        assertThat(get(bob, "/v1/workloads/" + his).body())
                .contains("another tenant's (STANDARD)")
                .doesNotContain(hers);
        assertThat(get(admin, "/v1/workloads/" + his).body()).contains(hers + " (STANDARD)");
    }

    @Test
    void whoBelongsToATenantSubmitsForIt() throws Exception {
        listen();

        HttpResponse<String> answer = post(alice, "/v1/workloads", workload("default"));

        String id = JsonObject.parse(answer.body()).string("id");
        assertThat(get(alice, "/v1/workloads/" + id).body()).contains("\"tenant\":\"team-a\"");
    }

    @Test
    void theSameKeyIsTheSameWorkload() throws Exception {
        listen();

        assertThat(submit(alice, "team-a", "k")).isEqualTo(submit(alice, "team-a", "k"));
        assertThat(submit(alice, "team-a", "l")).isNotEqualTo(submit(alice, "team-a", "k"));
    }

    /* ---- Those who mean harm ---- */

    @Test
    void aFloodOfOneTenantStarvesNoOther() throws Exception {
        listenWithLimits(40, 40);
        AtomicBoolean over = new AtomicBoolean();
        List<Integer> statuses = new CopyOnWriteArrayList<>();
        List<Thread> flood = Stream.generate(() -> new Thread(() -> {
                    while (!over.get()) {
                        try {
                            statuses.add(get(alice, "/v1/workloads").statusCode());
                        } catch (IOException | InterruptedException end) {
                            statuses.add(0);
                        }
                    }
                }))
                .limit(8)
                .toList();
        flood.forEach(Thread::start);
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> statuses.contains(429));
            for (int i = 0; i < 20; i++) {
                assertThat(get(bob, "/v1/workloads").statusCode()).isEqualTo(200);
            }
        } finally {
            over.set(true);
            for (Thread thread : flood) {
                thread.join();
            }
        }
        assertThat(statuses).containsOnly(200, 429);
    }

    @Test
    void whatIsTooLargeOrMalformedIsRefused() throws Exception {
        listen();
        assertThat(post(admin, "/v1/workloads", "x".repeat(2 << 20)).statusCode())
                .isEqualTo(413);
        assertThat(post(admin, "/v1/workloads", "{").statusCode()).isEqualTo(400);
        assertThat(post(admin, "/v1/workloads", "{\"command\":[\"java\"],\"deadline\":4}")
                        .body())
                .contains("unknown key");
        assertThat(get(admin, "/v1/workloads?limit=-1").statusCode()).isEqualTo(400);
        assertThat(get(admin, "/v1/workloads?limit=99999999999999999999").statusCode())
                .isEqualTo(400);
        assertThat(get(admin, "/v1/workloads?limit=1&limit=2").statusCode()).isEqualTo(400);
        assertThat(get(admin, "/v1/workloads?lmit=1").body()).contains("no parameter 'lmit'");
        assertThat(get(admin, "/v1/workloads/..%2f..%2fetc/output").statusCode())
                .isEqualTo(404);
        assertThat(get(admin, "/v1/nothing").statusCode()).isEqualTo(404);
        assertThat(post(admin, "/v1/nodes", "{}").statusCode()).isEqualTo(405);
        assertThat(raw("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n")).doesNotContain("200 OK");
        assertThat(raw("GET /v1/health HTTP/1.1\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"))
                .doesNotContain("200 OK");
        assertThat(raw("POST /v1/workloads HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"))
                .doesNotContain("200 OK");
        assertThat(raw("\u0016\u0003\u0001\u0002\u0000\u0001\u0000")).doesNotContain("200 OK");
        assertThat(get(admin, "/v1/health").statusCode()).isEqualTo(200);
    }

    @Test
    void noiseIsAnsweredOrDroppedButNeverObeyed() throws Exception {
        listen();
        Random random = new Random(5);
        String good = "POST /v1/nodes/node1/cordon HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + admin.substring(1)
                + "\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";
        for (int i = 0; i < 60; i++) {
            StringBuilder request = new StringBuilder(good);
            for (int change = 0; change < 3; change++) {
                request.setCharAt(random.nextInt(request.length()), (char) random.nextInt(256));
            }
            assertThat(raw(request.toString())).doesNotContain("200 OK");
        }
        assertThat(get(watcher, "/v1/nodes").body()).contains("\"cordoned\":false");
    }

    @Test
    void pagesFromElsewhereAreNotAnswered() throws Exception {
        listen();

        assertThat(send(request(admin, "/v1/workloads").header("Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(request(admin, "/v1/workloads").header("Origin", uri().toString()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(request(admin, "/v1/workloads")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString(workload("team-a"))))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void requestsSentAtOnceAreAnsweredOneAfterTheOther() throws Exception {
        listen();
        String one = "GET /v1/whoami HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + admin + "\r\n";

        String answers = raw((one + "\r\n").repeat(20) + one + "Connection: close\r\n\r\n");

        assertThat(answers.split("\"name\":\"root\"", -1)).hasSize(22);
    }

    /* ---- Following ---- */

    @Test
    void eventsAreFollowedAndTakenUpWhereTheyWereLeft() throws Exception {
        listen();
        String first = submit(alice, "team-a", "1");
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread follower = new Thread(() -> {
            try {
                client(admin).lines("/v1/events?follow=true&after=1", line -> {
                    lines.add(line);
                    return lines.size() < 4;
                });
            } catch (PoolException failure) {
                lines.add(failure.toString());
            }
        });
        follower.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> lines.size() == 2);
        submit(alice, "team-a", "2");
        follower.join();

        assertThat(lines).hasSize(4).allMatch(line -> line.startsWith("{\"sequence\":"));
        assertThat(lines.get(0)).contains("\"sequence\":2,", first, "submitted");
        assertThat(lines.get(1)).contains("\"sequence\":3,", "starting");
        assertThat(get(admin, "/v1/events?after=4").body().lines().findFirst()).contains(lines.get(3));
        String serverSent = send(request(admin, "/v1/events")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", "4"))
                .body();
        assertThat(serverSent).isEqualTo("id: 5\ndata: " + lines.get(3) + "\n\n");
    }

    @Test
    void eventsHaveTheSameNumbersAfterARestart() throws Exception {
        listen();
        submit(alice, "team-a", "1");
        String before = get(admin, "/v1/events").body();
        Objects.requireNonNull(server).close();
        plane().close();

        plane = ControlPlane.open(directory.journal(), Policy.USUAL, Duration.ofHours(1));
        listen();

        assertThat(get(admin, "/v1/events").body()).isEqualTo(before).contains("\"sequence\":3");
    }

    @Test
    void listsComeInPages() throws Exception {
        listen();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            ids.add(submit(alice, "team-a", "k" + i));
        }
        Set<String> seen = new HashSet<>();
        long after = 0;
        int pages = 0;
        do {
            JsonObject page = JsonObject.parse(
                    get(admin, "/v1/workloads?limit=3&after=" + after).body());
            for (JsonObject workload : page.objects("workloads")) {
                assertThat(seen.add(workload.string("id"))).isTrue();
            }
            after = page.has("next") ? page.integer("next") : 0;
            pages++;
        } while (after != 0);

        assertThat(seen).isEqualTo(ids);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void plansSayWhatWouldFollowAndChangeNothing() throws Exception {
        listen();
        String id = submit(alice, "team-a", "1");
        submit(alice, "team-a", "2");
        String premium = "{\"command\":[\"java\",\"P\"],\"directory\":\"/\",\"tier\":\"premium\"}";

        String plan = post(
                        admin,
                        "/v1/plan",
                        JsonWriter.compact().member("submit", premium).finish())
                .body();

        assertThat(plan).contains("makes room for P-3", "begins on node1", "\"state\":\"running\"");
        assertThat(post(admin, "/v1/plan", "{\"lose\":\"node1\"}").body()).contains(id, "node node1 was lost");
        assertThat(post(admin, "/v1/plan", "{\"lose\":\"node9\"}").statusCode()).isEqualTo(409);
        assertThat(JsonObject.parse(get(admin, "/v1/workloads").body()).objects("workloads"))
                .hasSize(2);
        assertThat(get(admin, "/v1/nodes").body()).contains("\"alive\":true");
    }

    @Test
    void metricsAreThoseOfTheDocumentationAndOfTheDashboardForGrafana() throws Exception {
        listen();
        submit(alice, "team-a", "1");
        get(admin, "/v1/workloads");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> get(watcher, "/metrics").body().contains("ingot_workload_wait"));

        String metrics = get(watcher, "/metrics").body();
        assertThat(get(alice, "/metrics").statusCode()).isEqualTo(403);
        assertThat(metrics)
                .contains("ingot_pool_capacity{resource=\"millicores\"} 2000")
                .contains("ingot_pool_used{resource=\"millicores\",tier=\"standard\"} 1000")
                .contains("ingot_nodes{state=\"ready\"} 1")
                .contains("ingot_workload_wait_seconds_count{tier=\"standard\"} 1")
                .contains("route=\"GET /v1/workloads\",status=\"200\"");
        Set<String> names = metrics.lines()
                .filter(line -> line.startsWith("# TYPE ingot_"))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toSet());
        assertThat(names).hasSizeGreaterThan(8);
        String page = Files.readString(Path.of("..", "docs", "operations.md"));
        assertThat(names).allMatch(name -> page.contains("`" + name + "`"));
        String grafana = Files.readString(Path.of("..", "docs", "grafana-dashboard.json"));
        Matcher used = Pattern.compile("ingot_[a-z_]+").matcher(grafana);
        Set<String> asked = used.results().map(MatchResult::group).collect(Collectors.toSet());
        assertThat(asked).hasSizeGreaterThan(6).allMatch(name -> metrics.contains(name));
        assertThat(JsonObject.parse(grafana).objects("panels")).hasSizeGreaterThan(5);
    }

    /* ---- What is left behind ---- */

    @Test
    void whoDidWhatIsNoted() throws Exception {
        listen();
        String id = submit(alice, "team-a", "1");
        post(watcher, "/v1/workloads/" + id + "/cancel", "{}");
        get(alice, "/v1/workloads");

        List<String> lines = Files.readAllLines(directory.audit());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("\"who\":\"alice\"", "\"from\":\"127.0.0.1\"", "POST /v1/workloads");
        assertThat(lines.get(1)).contains("\"request\":1", "\"status\":200", id);
        assertThat(lines.get(2)).contains("\"who\":\"watcher\"", "/cancel");
        assertThat(lines.get(3)).contains("\"status\":403");
        assertThat(Files.readString(directory.audit())).doesNotContain(alice);
    }

    @Test
    void servicesAreReachedWhereThePoolAllowsAndNobodyElseListens() throws Exception {
        listen();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpResponse<String> refused = post(alice, "/v1/workloads", service("127.0.0.1:" + taken.getLocalPort()));
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("cannot be reached at 127.0.0.1:" + taken.getLocalPort() + ": ");
        }
        HttpResponse<String> everywhere = post(alice, "/v1/workloads", service("0.0.0.0:18080"));
        assertThat(everywhere.statusCode()).isEqualTo(403);
        assertThat(everywhere.body()).contains("this pool allows 127.0.0.1:1024-65535; 'ingot up --services'");
        assertThat(post(alice, "/v1/workloads", service("80")).statusCode()).isEqualTo(403);
        assertThat(ServiceRange.parse("[::]:1-99").allows(new ServicePort("x", 1, "10.0.0.1", 99, 0)))
                .isTrue();
        assertThatThrownBy(() -> ServiceRange.parse("0.0.0.0:9-8")).isInstanceOf(IllegalArgumentException.class);

        int free;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = any.getLocalPort();
        }
        String id = JsonObject.parse(post(alice, "/v1/workloads", service(Integer.toString(free)))
                        .body())
                .string("id");

        // It has no node yet that says that the program listens, so whoever comes waits.
        await().until(() -> get(alice, "/v1/workloads/" + id).body().contains("\"connections\":0"));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), free)) {
            await().until(() -> get(alice, "/v1/workloads/" + id).body().contains("\"held\":1"));
            assertThat(post(alice, "/v1/workloads/" + id + "/cancel", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(client.isConnected()).isTrue();
        }
    }

    private static String service(String address) {
        return "{\"command\":[\"java\",\"A\"],\"directory\":\"/\",\"services\":[{\"port\":8080,\"address\":\"" + address
                + "\"}]}";
    }

    @Test
    void filesAreOfTheTenantThatSentThem() throws Exception {
        listen();
        String hash = ContentHash.of(Files.writeString(files.resolve("f"), "content"));
        String place = "/files/" + hash + "?size=7&from=";
        String shipping =
                "{\"command\":[\"java\",\"-jar\",\"a.jar\"],\"directory\":\"${files}\",\"files\":[{\"name\":\"a.jar\","
                        + "\"sha256\":\"" + hash + "\",\"bytes\":7}]}";

        assertThat(send(watcher, "/v1/tenants/team-a" + place + 0, "content")).isEqualTo(403);
        assertThat(send(bob, "/v1/tenants/team-a" + place + 0, "content")).isEqualTo(403);
        assertThat(send(alice, "/v1/tenants/team-a/files/..%2F..%2Fx?size=1&from=0", "x"))
                .isIn(400, 404);
        assertThat(send(alice, "/v1/tenants/..%2Fx" + place + 0, "content")).isIn(400, 403, 404);
        assertThat(send(alice, "/v1/tenants/default" + place + 0, "con")).isEqualTo(200);
        assertThat(post(alice, "/v1/workloads", shipping).statusCode()).isEqualTo(409);
        assertThat(send(alice, "/v1/tenants/team-a" + place + 3, "tent")).isEqualTo(200);
        assertThat(post(bob, "/v1/workloads", shipping).body()).contains("file a.jar has not come");

        HttpResponse<String> submitted = post(alice, "/v1/workloads", shipping);
        assertThat(submitted.statusCode()).isEqualTo(200);
        String id = JsonObject.parse(submitted.body()).string("id");
        JsonObject spec =
                JsonObject.parse(get(alice, "/v1/workloads/" + id).body()).object("spec");
        assertThat(FilesPlace.isName(
                        String.valueOf(Path.of(spec.string("directory")).getFileName())))
                .isTrue();
        assertThat(spec.stringMap("environment")).containsEntry("INGOT_FILES", spec.string("directory"));
        // A node has the files of the workloads that it has.
        String read = "/v1/nodes/node1/files/" + id + "/" + hash + "?epoch=";
        assertThat(get(admin, read + 1).body()).isEqualTo("content");
        assertThat(get(admin, read + 2).statusCode()).isEqualTo(409);
        assertThat(get(admin, read.replace(hash, "0".repeat(64)) + 1).statusCode())
                .isEqualTo(404);
        assertThat(get(alice, read + 1).statusCode()).isEqualTo(403);
    }

    private int send(String token, String path, String content) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString(content))
                .build();
        return http.send(request, BodyHandlers.ofString()).statusCode();
    }

    @Test
    void theDescriptionNamesWhatThereIs() throws Exception {
        listen();
        JsonObject paths =
                JsonObject.parse(get(null, "/v1/openapi.json").body()).object("paths");
        Set<String> described = new HashSet<>();
        for (String path : paths.names()) {
            for (String method : paths.object(path).names()) {
                JsonObject operation = paths.object(path).object(method);
                described.add(method.toUpperCase(Locale.ROOT) + " " + path + " "
                        + operation.optionalString("x-role").orElse("nobody") + " " + queryParameters(operation));
            }
        }
        Set<String> served = new HashSet<>();
        try (PoolService service = PoolService.open(directory, plane(), ServiceRange.usual(), Limits.usual())) {
            for (Route route : new Api(service.operations(), service.nodes()).routes()) {
                Operation operation = route.operation();
                Role needed = operation.needed();
                served.add(operation.method() + " " + operation.template() + " "
                        + (needed == null ? "nobody" : needed.name().toLowerCase(Locale.ROOT)) + " "
                        + new TreeSet<>(route.parameters()));
            }
            assertThat(served).hasSize(Operation.values().length);
        }

        assertThat(described).isEqualTo(served);
    }

    private static Set<String> queryParameters(JsonObject operation) throws JsonException {
        Set<String> names = new TreeSet<>();
        if (operation.has("parameters")) {
            for (JsonObject parameter : operation.objects("parameters")) {
                if (parameter.string("in").equals("query")) {
                    names.add(parameter.string("name"));
                }
            }
        }
        return names;
    }

    @Test
    void aNodeIsItselfAndNothingElse() throws Exception {
        String token = Token.create();
        new AccessFile(directory.access()).change(grants -> {
            List<Grant> all = new ArrayList<>(grants);
            all.add(grant("node1", Role.NODE, null, token));
            return all;
        });
        listen();
        String id = submit(alice, "team-a", "key");
        String image = "/v1/nodes/node1/images/" + id + "/000001-20260101T000000.000Z";

        assertThat(post(token, "/v1/beat", beat("node1")).statusCode()).isEqualTo(200);
        assertThat(post(token, "/v1/beat", beat("node2")).statusCode()).isEqualTo(403);
        assertThat(post(token, "/v1/nodes/node2/leave", "{\"incarnation\":\"1\"}")
                        .statusCode())
                .isEqualTo(403);
        for (String path : List.of("/v1/workloads", "/v1/nodes", "/v1/events", "/metrics")) {
            assertThat(get(token, path).statusCode()).as(path).isEqualTo(403);
        }
        assertThat(post(token, "/v1/workloads", workload("team-a")).statusCode())
                .isEqualTo(403);
        for (String path : List.of(image + "/chunks.pack", image + "/..%2F..%2Faccess.json", image + "x/index")) {
            assertThat(get(token, path + "?epoch=1").statusCode()).as(path).isIn(400, 404);
        }
        assertThat(get(token, image + "/launch?epoch=1").statusCode()).isEqualTo(404);
        assertThat(post(token, image + "?epoch=1", "{}").body()).contains("nothing has come of image");
        assertThat(post(token, image + "/launch?epoch=1&from=5", "{}").body()).contains("has come up to byte 0");
        assertThat(get(alice, image + "/launch?epoch=1").statusCode()).isEqualTo(403);
    }

    private static String beat(String node) {
        return "{\"node\":\"" + node + "\",\"incarnation\":\"1\",\"capacity\":{\"milliCores\":2000,\"memoryMiB\":4000},"
                + "\"reports\":[]}";
    }

    /* ---- TLS ---- */

    @Test
    void withTlsClientsShowATokenOrACertificate() throws Exception {
        Certificates certificates = new Certificates(files);
        certificates.make("server", "CN=pool");
        certificates.make("carol", "CN=carol, OU=ops");
        certificates.make("eve", "CN=carol, OU=ops");
        new AccessFile(directory.access()).change(grants -> {
            List<Grant> all = new ArrayList<>(grants);
            all.add(new Grant(new Identity("carol", Role.ADMIN, null), null, "CN=carol,OU=ops"));
            return all;
        });
        listen(new Listen(
                loopback(),
                certificates.certificate("server"),
                certificates.key("server"),
                certificates.certificate("carol")));
        assertThat(uri().getScheme()).isEqualTo("https");

        PoolClient byToken = new PoolClient(List.of(uri()), admin, certificates.context("server", null), LIMIT);
        assertThat(byToken.get("/v1/whoami").string("name")).isEqualTo("root");
        PoolClient byCertificate = new PoolClient(List.of(uri()), null, certificates.context("server", "carol"), LIMIT);
        assertThat(byCertificate.get("/v1/whoami").string("name")).isEqualTo("carol");
        PoolClient neither = new PoolClient(List.of(uri()), null, certificates.context("server", null), LIMIT);
        assertThatThrownBy(() -> neither.get("/v1/whoami")).hasMessageContaining("who are you?");
        // The same name on a certificate that nobody trusted has signed.
        PoolClient forged = new PoolClient(List.of(uri()), null, certificates.context("server", "eve"), LIMIT);
        assertThatThrownBy(() -> forged.get("/v1/whoami")).isInstanceOf(PoolException.class);
        PoolClient trustsNobody = new PoolClient(List.of(uri()), admin, null, LIMIT);
        assertThatThrownBy(() -> trustsNobody.get("/v1/whoami")).isInstanceOf(PoolException.class);
        assertThat(raw("GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .doesNotContain("200 OK");
    }

    @Test
    void ofSeveralServersTheOneThatCanBeReachedIsAsked() throws Exception {
        listen();
        URI nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }

        PoolClient client = new PoolClient(List.of(nobody, uri()), admin, null, LIMIT);

        assertThat(client.get("/v1/whoami").string("name")).isEqualTo("root");
        PoolClient none = new PoolClient(List.of(nobody, nobody), admin, null, LIMIT);
        assertThatThrownBy(() -> none.get("/v1/whoami")).hasMessageContaining(nobody + ", " + nobody);
    }

    @Test
    void withoutTlsThereIsNoPortForOthers() throws Exception {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);

        assertThatThrownBy(() -> new Listen(everywhere, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readable on the network");
    }

    /* ---- Asking ---- */

    private PoolClient client(String token) {
        return new PoolClient(List.of(uri()), token, null, LIMIT);
    }

    private String submit(String token, String tenant, String key) throws Exception {
        return client(token).postOnce(key, "/v1/workloads", workload(tenant)).string("id");
    }

    private static String workload(String tenant) {
        return "{\"name\":\"job\",\"tenant\":\"" + tenant + "\",\"command\":[\"java\",\"Job\"],\"directory\":\"/\"}";
    }

    private HttpRequest.Builder request(@Nullable String token, String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri() + path)).timeout(LIMIT);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(@Nullable String token, String path) throws IOException, InterruptedException {
        return send(request(token, path));
    }

    private HttpResponse<String> post(String token, String path, String body) throws IOException, InterruptedException {
        return send(request(token, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Sends anything, and gives what comes until the end or a second of silence. */
    private String raw(String text) throws IOException {
        try (Socket socket = new Socket(uri().getHost(), uri().getPort())) {
            socket.setSoTimeout(1000);
            StringBuilder answer = new StringBuilder();
            try {
                socket.getOutputStream().write(text.getBytes(ISO_8859_1));
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                byte[] buffer = new byte[8192];
                int read = in.read(buffer);
                while (read >= 0) {
                    answer.append(new String(buffer, 0, read, ISO_8859_1));
                    read = in.read(buffer);
                }
            } catch (IOException closed) {
                // What came before counts.
                return answer.toString();
            }
            return answer.toString();
        }
    }
}
