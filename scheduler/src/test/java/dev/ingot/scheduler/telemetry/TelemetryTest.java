package dev.ingot.scheduler.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private final Pool pool = new Pool(Policy.USUAL);
    private long now = 1_000_000;

    @Test
    void aLifeIsATrace() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        List<SpanData> finished;
        try (Telemetry telemetry = new Telemetry(spans)) {
            telemetry.look(pool, now);
            pool.apply(now, new Command.Join("n1", "1", new Resources(1000, 1000, 0)));
            String id = live();
            telemetry.look(pool, now);
            telemetry.flush();
            finished = List.copyOf(spans.getFinishedSpanItems());
            assertThat(id).isEqualTo("job-1");
        }

        SpanData root = finished.stream()
                .filter(span -> span.getName().equals("workload"))
                .findFirst()
                .orElseThrow();
        List<SpanData> parts = finished.stream()
                .filter(span -> span.getParentSpanId().equals(root.getSpanId()))
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos)
                        .thenComparing(SpanData::getEndEpochNanos))
                .toList();
        assertThat(parts.stream().map(SpanData::getName))
                .containsExactly("place", "start", "run", "suspend", "held", "place", "resume", "run");
        assertThat(parts).allMatch(span -> span.getTraceId().equals(root.getTraceId()));
        SpanData suspend = parts.get(3);
        assertThat(suspend.getEndEpochNanos() - suspend.getStartEpochNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(root.getEndEpochNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(now));
    }

    @Test
    void whatHappenedBeforeTheProcessStartedIsNotToldAgain() {
        pool.apply(now, new Command.Join("n1", "1", new Resources(1000, 1000, 0)));
        live();
        InMemorySpanExporter spans = InMemorySpanExporter.create();

        try (Telemetry telemetry = new Telemetry(spans)) {
            telemetry.look(pool, now);
            telemetry.flush();
            assertThat(spans.getFinishedSpanItems()).isEmpty();
            assertThat(telemetry.metrics()).doesNotContain("ingot_workload_state");
        }
    }

    /** Submits a workload that runs, is suspended and resumed, and fails; a second lies between all of that. */
    private String live() {
        String id = pool.apply(
                        now,
                        new Command.Submit(
                                "k",
                                new WorkloadSpec(
                                        "job",
                                        "team",
                                        Tier.BASIC,
                                        0,
                                        new Resources(1000, 10, 0),
                                        List.of("java", "Job"),
                                        "/",
                                        Map.of(),
                                        0)))
                .text();
        report(id, 1, Phase.RUNNING, null, 0);
        later(new Command.Suspend(id));
        report(id, 1, Phase.SUSPENDED, new ImageReference("i", 1, 1, 0), 0);
        later(new Command.Resume(id));
        report(id, 2, Phase.RUNNING, null, 0);
        report(id, 2, Phase.EXITED, null, 1);
        return id;
    }

    private void later(Command command) {
        now += 1000;
        assertThat(pool.apply(now, command).accepted()).isTrue();
    }

    private void report(String id, long epoch, Phase phase, @Nullable ImageReference image, int exitCode) {
        later(new Command.Observe("n1", "1", List.of(new Report(id, epoch, phase, image, exitCode, 0, 0, null, null))));
    }
}
