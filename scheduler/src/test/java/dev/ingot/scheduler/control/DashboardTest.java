package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.access.AccessFile;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.access.Token;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a browser, against a control process within the test whose nodes never say anything. */
class DashboardTest {
    private static final String REQUIRED = "INGOT_CHROMIUM_REQUIRED";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path files;

    private final String admin = Token.create();
    private final String viewer = Token.create();
    private PoolDirectory directory = new PoolDirectory(Path.of("/tmp"));
    private @Nullable ControlPlane plane;
    private @Nullable ApiServer server;
    private @Nullable Browser browser;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                Browser.isThere() || System.getenv(REQUIRED) != null,
                "no /usr/bin/chromium: the dashboard is not looked at");
        // Sockets have short names, which not every place for temporary files allows.
        directory = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        directory.prepare();
        new AccessFile(directory.access())
                .change(none -> List.of(
                        new Grant(new Identity("root", Role.ADMIN, null), Token.hash(admin), null),
                        new Grant(new Identity("guest", Role.VIEWER, null), Token.hash(viewer), null)));
        plane = ControlPlane.open(directory.journal(), Policy.USUAL, Duration.ofHours(1));
        server = ApiServer.start(
                directory,
                plane(),
                new Listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null, null),
                ServiceRange.usual());
        browser = Browser.start(files.resolve("profile"));
    }

    @AfterEach
    void end() throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
        if (plane != null) {
            plane.close();
            try (Stream<Path> all = Files.walk(directory.path())) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private ControlPlane plane() {
        return Objects.requireNonNull(plane);
    }

    private Browser browser() {
        return Objects.requireNonNull(browser);
    }

    private void join(int nodes) {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < nodes; i++) {
            last = plane().submit(new Command.Join("node" + i, "1", new Resources(2000, 4000, 0)));
        }
        last.join();
    }

    private String submit(String name, Tier tier, String argument) {
        WorkloadSpec spec = new WorkloadSpec(
                name, "team-a", tier, 0, new Resources(1000, 512, 0), List.of("java", argument), "/", Map.of(), 0);
        return plane().submit(new Command.Submit(name, spec)).join().text();
    }

    private void open(String token) throws JsonException {
        browser().go(Objects.requireNonNull(server).uri() + "/#token=" + token);
    }

    private void awaitValue(String expression, String expected) {
        await(expression)
                .atMost(LIMIT)
                // What is asked for may not be in the page yet.
                .ignoreException(IllegalStateException.class)
                .until(() -> browser().value(expression), expected::equals);
    }

    private WorkloadState state(String id) {
        return plane().look((pool, now) -> Objects.requireNonNull(pool.workload(id)))
                .join()
                .state();
    }

    @Test
    void showsThePoolAndCarriesOutWhatIsConfirmed() throws Exception {
        join(2);
        String first = submit("first", Tier.PREMIUM, "<img src=x onerror=alert(1)>");
        String second = submit("second", Tier.BASIC, "Job");
        browser().size(1300, 1000);
        open(admin);

        awaitValue("document.getElementById('connection').textContent", "live");
        assertThat(browser().value("location.href")).doesNotContain("token", admin);
        assertThat(browser().value("document.getElementById('nodes-text').textContent"))
                .startsWith("2 ready, 0 cordoned, 0 lost");
        awaitValue("document.querySelectorAll('.row[data-id]').length", "2");
        awaitValue("document.querySelectorAll('#chart .line-capacity').length", "1");
        awaitValue("document.querySelector('.legend').textContent.includes('premium 1')", "true");

        browser().value("document.querySelector('[data-id=\"" + first + "\"]').click()");
        awaitValue("document.getElementById('detail').textContent.includes('<img src=x onerror=alert(1)>')", "true");
        assertThat(browser().value("document.querySelectorAll('img').length")).isEqualTo("0");
        browser().click("#detail", "Cancel");
        browser().click("#confirm", "Leave it");
        assertThat(state(first)).isEqualTo(WorkloadState.STARTING);
        browser().click("#detail", "Cancel");
        browser().click("#confirm", "Cancel");
        await().atMost(LIMIT).until(() -> state(first) == WorkloadState.CANCELLING);
        // Heard as an event, without being asked for.
        awaitValue("document.getElementById('event-list').textContent.includes('cancelled on request')", "true");
        browser().press("Escape");

        browser().value("document.getElementById('rows').focus()");
        browser().press("ArrowDown");
        browser().press("Enter");
        awaitValue("document.getElementById('detail-title').textContent", second);
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void questionThatFollowsAnotherAtOnceIsAnsweredForItself() throws Exception {
        join(1);
        String job = submit("job", Tier.BASIC, "Job");
        open(admin);
        awaitValue("document.querySelectorAll('.row[data-id]').length", "1");
        browser().value("document.querySelector('[data-id=\"" + job + "\"]').click()");
        awaitValue("document.querySelectorAll('#detail .buttons button').length > 0", "true");

        browser().value("""
                (() => {
                  const click = (within, text) =>
                    [...document.querySelectorAll(within + ' button')].find(each => each.textContent === text).click();
                  click('#detail', 'Cancel');
                  click('#confirm', 'Leave it');
                  click('#detail', 'Cancel');
                  return 'clicked';
                })()""");
        browser().click("#confirm", "Cancel");

        await().atMost(LIMIT).until(() -> state(job) == WorkloadState.CANCELLING);
    }

    @Test
    void nodesAreDrainedByKeyboard() throws Exception {
        join(3);
        open(admin);
        awaitValue("document.getElementById('connection').textContent", "live");

        browser().value("document.getElementById('grid-holder').focus()");
        browser().press("ArrowRight");
        browser().press("ArrowRight");
        browser().press("Enter");
        awaitValue("document.getElementById('detail-title').textContent", "Node node1");
        browser().click("#detail", "Drain");
        browser().click("#confirm", "Drain");

        await().atMost(LIMIT)
                .until(() -> plane().look((pool, now) -> pool.nodes().get(1).cordoned())
                        .join());
        awaitValue("document.getElementById('nodes-text').textContent.startsWith('2 ready, 1 cordoned')", "true");
    }

    @Test
    void whoMayOnlyLookCanOnlyLookAndStrangersCannot() throws Exception {
        join(1);
        String id = submit("job", Tier.BASIC, "Job");
        open("ingot_wrong");
        awaitValue("document.getElementById('login').hidden", "false");
        assertThat(browser().value("document.getElementById('app').hidden")).isEqualTo("true");

        browser().value("document.getElementById('token').value = '" + viewer + "'");
        browser().click("#login", "Come in");
        awaitValue("document.getElementById('who').textContent", "guest, viewer");
        awaitValue("document.querySelectorAll('.row[data-id]').length", "1");
        browser().value("document.querySelector('[data-id=\"" + id + "\"]').click()");
        awaitValue("document.querySelectorAll('#detail .buttons button').length", "4");
        assertThat(browser().value("document.querySelectorAll('#detail .buttons button:not(:disabled)').length"))
                .isEqualTo("0");
    }

    @Test
    void fitsAPhoneInTheDark() throws Exception {
        join(40);
        submit("a-workload-with-a-rather-long-name-that-somebody-chose", Tier.BASIC, "Job");
        browser().size(360, 740);
        browser().dark();
        open(admin);

        awaitValue("document.getElementById('connection').textContent", "live");
        awaitValue("document.querySelectorAll('.row[data-id]').length", "1");
        assertThat(browser().value("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo("true");
        assertThat(browser().value("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(18, 22, 28)");
        browser().click("header", "Theme: system");
        awaitValue("getComputedStyle(document.body).backgroundColor", "rgb(246, 247, 249)");
    }

    @Test
    void thousandsAreShownByAFewElements() throws Exception {
        join(5000);
        for (int i = 0; i < 300; i++) {
            submit("job" + i, Tier.BASIC, "Job");
        }
        browser().size(1300, 1000);
        open(admin);

        awaitValue("document.getElementById('nodes-text').textContent.startsWith('5,000 ready')", "true");
        awaitValue("document.getElementById('rows').getAttribute('aria-rowcount')", "300");
        assertThat(Integer.parseInt(browser().value("document.querySelectorAll('*').length")))
                .isLessThan(1500);
        browser().value("document.getElementById('rows').scrollTop = 1e6");
        awaitValue("document.querySelectorAll('[data-id=\"job299-300\"]').length", "1");
        assertThat(browser().complaints()).isEmpty();
    }
}
