package dev.ingot.scheduler.telemetry;

import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.pool.WorkloadState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The pool as numbers, in Prometheus' text format; docs/operations.md lists them. Thread-safe. */
final class Metrics implements Lives.Listener {
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6)
    };

    private static final Map<String, ToLongFunction<Resources>> RESOURCES = Map.of(
            "millicores",
            Resources::milliCores,
            "memory_mib",
            Resources::memoryMiB,
            "millidevices",
            Resources::milliDevices);

    /** The pool when somebody asked last. */
    private record Present(Usage usage, Map<String, Long> nodes, Map<Probe, Long> findings, long events) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private volatile Present present = new Present(
            new Usage(0, Resources.NONE, Resources.NONE, Resources.NONE, Map.of(), 0, 0), Map.of(), Map.of(), 0);

    Metrics() {
        RESOURCES.forEach((resource, amount) -> {
            gauge(
                    "ingot.pool.capacity",
                    "What nodes that live have",
                    Tags.of("resource", resource),
                    now -> amount.applyAsLong(now.usage().capacity()));
            gauge(
                    "ingot.pool.reserved",
                    "What tenants have reserved",
                    Tags.of("resource", resource),
                    now -> amount.applyAsLong(now.usage().reserved()));
            gauge(
                    "ingot.pool.reservation.used",
                    "What of that is in use",
                    Tags.of("resource", resource),
                    now -> amount.applyAsLong(now.usage().usedOfReservations()));
            for (Tier tier : Tier.values()) {
                gauge(
                        "ingot.pool.used",
                        "What workloads hold",
                        Tags.of("resource", resource, "tier", text(tier)),
                        now -> amount.applyAsLong(now.usage().used().getOrDefault(tier, Resources.NONE)));
            }
        });
        gauge(
                "ingot.workloads.placed",
                "Workloads on nodes",
                Tags.empty(),
                now -> now.usage().running());
        gauge(
                "ingot.workloads.queued",
                "Workloads that wait for room",
                Tags.empty(),
                now -> now.usage().queued());
        for (String state : NodeView.CONDITIONS) {
            gauge(
                    "ingot.nodes",
                    "Nodes",
                    Tags.of("state", state),
                    now -> now.nodes().getOrDefault(state, 0L));
        }
        for (Probe probe : Probe.values()) {
            gauge(
                    "ingot.nodes.findings",
                    "Living nodes against which a probe has found something",
                    Tags.of("probe", probe.text()),
                    now -> now.findings().getOrDefault(probe, 0L));
        }
        gauge("ingot.events.last", "The number of the newest event", Tags.empty(), Present::events);
    }

    private void gauge(String name, String help, Tags tags, ToDoubleFunction<Present> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.present))
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Looks at the pool; called by its writer. */
    void look(Pool pool, long now) {
        List<NodeView> nodes = pool.nodes();
        Map<String, Long> states =
                nodes.stream().collect(Collectors.groupingBy(NodeView::condition, Collectors.counting()));
        Map<Probe, Long> findings = nodes.stream()
                .flatMap(node -> node.findings().keySet().stream())
                .collect(Collectors.groupingBy(probe -> probe, Collectors.counting()));
        present = new Present(pool.usage(now), states, findings, pool.lastEvent());
    }

    @Override
    public void ended(Stretch stretch) {
        long millis = stretch.toMillis() - stretch.fromMillis();
        timer(
                "ingot.workload.state",
                "How long workloads were in a state",
                Tags.of("state", text(stretch.state()), "tier", text(stretch.tier()), "next", text(stretch.next())),
                millis);
        if (stretch.state() == WorkloadState.QUEUED && stretch.fresh() && stretch.next() == WorkloadState.STARTING) {
            timer(
                    "ingot.workload.wait",
                    "How long workloads waited for their first room",
                    Tags.of("tier", text(stretch.tier())),
                    millis);
        }
    }

    /** Notes an answer of the API. */
    void answered(String route, int status, long nanos) {
        Timer.builder("ingot.api.requests")
                .description("Answers of the API")
                .tags("route", route, "status", Integer.toString(status))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private void timer(String name, String help, Tags tags, long millis) {
        Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    String text() {
        return registry.scrape();
    }
}
