package dev.ingot.agent.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;
import dev.ingot.runtime.Control;
import dev.ingot.runtime.Pin;
import dev.ingot.runtime.PinReason;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObserverTest {
    private static final Pin PIN = new Pin("worker", PinReason.NATIVE_FRAME, "a.B.c(B.java:1)", null);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Observer observer = new Observer(AgentLog.toStderr(LogLevel.QUIET), this::tick);

    @TempDir
    private Path directory;

    private long now;

    /** Each look at the clock takes a millisecond. */
    private long tick() {
        return now += 1_000_000;
    }

    @Test
    void countsAsPauseOnlyWhatStopsTheProgram() {
        try (CheckpointObservation checkpoint = observer.checkpoint("test", false)) {
            checkpoint.enter(CheckpointPhase.HOOKS);
            now += 50_000_000;
            checkpoint.enter(CheckpointPhase.STOP);
            now += 3_000_000;
            checkpoint.enter(CheckpointPhase.WRITE);
            now += 4_000_000;
            checkpoint.enter(CheckpointPhase.HOOKS_AFTER);
            now += 50_000_000;
            checkpoint.completed("/i/1", 2, 30, 400);

            assertThat(checkpoint.report())
                    .isEqualTo(new Control.Report(Control.CHECKPOINTED, "/i/1", 9_000_000, 400, null, List.of()));
        }
    }

    @Test
    void reportsAFailureWithItsPins() {
        try (CheckpointObservation checkpoint = observer.checkpoint("test", false)) {
            checkpoint.failed("a thread is pinned", List.of(PIN));

            assertThat(checkpoint.report())
                    .isEqualTo(new Control.Report(Control.FAILED, null, 0, 0, "a thread is pinned", List.of(PIN)));
        }
    }

    @Test
    void recordsACheckpointWithPhasesAndWeaving() throws IOException {
        observer.weaving().wove(2_000);
        observer.weaving().failed(1_000);

        List<RecordedEvent> events = record(() -> {
            try (CheckpointObservation checkpoint = observer.checkpoint("test", true)) {
                checkpoint.enter(CheckpointPhase.STOP);
                checkpoint.enter(CheckpointPhase.HOOKS_AFTER);
                checkpoint.completed("/i/1", 2, 30, 400);
            }
        });

        assertThat(events.stream().filter(event -> is(event, "Phase")).map(event -> event.getString("phase")))
                .containsExactly("stop", "hooks after");
        RecordedEvent whole = only(events, "Checkpoint");
        assertThat(whole.getString("trigger")).isEqualTo("test");
        assertThat(whole.getBoolean("suspend")).isTrue();
        assertThat(whole.getString("image")).isEqualTo("/i/1");
        assertThat(whole.getDuration("pause")).isEqualTo(Duration.ofMillis(1));
        assertThat(whole.getInt("threads")).isEqualTo(2);
        assertThat(whole.getLong("objects")).isEqualTo(30);
        assertThat(whole.getLong("bytes")).isEqualTo(400);
        assertThat(whole.getString("failure")).isNull();
        RecordedEvent weaving = only(events, "Weaving");
        assertThat(weaving.getLong("classes")).isEqualTo(1);
        assertThat(weaving.getLong("failures")).isEqualTo(1);
        assertThat(weaving.getDuration("time")).isEqualTo(Duration.ofNanos(3_000));
    }

    @Test
    void recordsPinsOfAFailedCheckpoint() throws IOException {
        List<RecordedEvent> events = record(() -> {
            try (CheckpointObservation checkpoint = observer.checkpoint("test", false)) {
                checkpoint.failed("a thread is pinned", List.of(PIN));
            }
        });

        RecordedEvent pin = only(events, "Pin");
        assertThat(pin.getString("threadName")).isEqualTo("worker");
        assertThat(pin.getString("reason")).isEqualTo("NATIVE_FRAME");
        assertThat(pin.getString("frame")).isEqualTo("a.B.c(B.java:1)");
        assertThat(pin.getString("remedy")).isEqualTo("let the native call return");
        assertThat(only(events, "Checkpoint").getString("failure")).isEqualTo("a thread is pinned");
    }

    @Test
    void recordsAResume() throws IOException {
        List<RecordedEvent> events = record(() -> {
            try (ResumeObservation resume = observer.resume("/i/1")) {
                resume.enter(ResumePhase.VERIFY);
                resume.enter(ResumePhase.HEAP);
                resume.completed(2, 30, 400);
                assertThat(resume.report().outcome()).isEqualTo(Control.RESTORED);
            }
        });

        assertThat(events.stream().filter(event -> is(event, "Phase")).map(event -> event.getString("phase")))
                .containsExactly("verify", "heap");
        assertThat(only(events, "Resume").getString("image")).isEqualTo("/i/1");
    }

    @Test
    void managementSeesWhatHappened() throws Exception {
        checkpointed("/i/1", 400);
        try (CheckpointObservation checkpoint = observer.checkpoint("test", false)) {
            checkpoint.enter(CheckpointPhase.STOP);
            checkpoint.failed("a thread is pinned", List.of(PIN));
        }

        Map<String, Object> expected = new TreeMap<>();
        expected.put("CheckpointCount", 1L);
        expected.put("FailedCheckpointCount", 1L);
        expected.put("LastImage", "/i/1");
        expected.put("LastFailure", "a thread is pinned");
        expected.put("LastPauseMillis", 1L);
        expected.put("TotalPauseMillis", 2L);
        for (Map.Entry<String, Object> attribute : expected.entrySet()) {
            assertThat(attribute(attribute.getKey())).as(attribute.getKey()).isEqualTo(attribute.getValue());
        }
        assertThat((String[]) attribute("PinnedThreads"))
                .singleElement()
                .asString()
                .contains("thread \"worker\" pinned: NATIVE_FRAME");
    }

    @Test
    void theBeanIsOutWhileAnImageIsTaken() throws Exception {
        checkpointed("/i/1", 400);
        assertThat(server.isRegistered(name())).isTrue();

        CheckpointObservation checkpoint = observer.checkpoint("test", false);
        assertThat(server.isRegistered(name())).isFalse();
        checkpoint.close();

        assertThat(server.isRegistered(name())).isTrue();
    }

    @Test
    void theBeanComesWhenTheProgramBeginsToUseManagement() throws Exception {
        observer.classLoading("a/B", Runnable::run);
        assertThat(server.isRegistered(name())).isFalse();

        observer.classLoading("com/sun/jmx/mbeanserver/JmxMBeanServer", Runnable::run);

        assertThat(server.isRegistered(name())).isTrue();
    }

    @AfterEach
    void leaveNoBeanBehind() throws Exception {
        if (server.isRegistered(name())) {
            server.unregisterMBean(name());
        }
    }

    private void checkpointed(String image, long bytes) {
        try (CheckpointObservation checkpoint = observer.checkpoint("test", false)) {
            checkpoint.enter(CheckpointPhase.STOP);
            checkpoint.completed(image, 2, 30, bytes);
        }
    }

    private Object attribute(String attribute) throws Exception {
        return server.getAttribute(name(), attribute);
    }

    private static ObjectName name() throws Exception {
        return new ObjectName("dev.ingot:type=Checkpoints");
    }

    private List<RecordedEvent> record(Runnable work) throws IOException {
        Path file = directory.resolve("events.jfr");
        try (var recording = new Recording()) {
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("ingot."))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }

    private static boolean is(RecordedEvent event, String name) {
        return event.getEventType().getName().equals("ingot." + name);
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found =
                events.stream().filter(event -> is(event, name)).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
