package dev.ingot.scheduler.telemetry;

import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadView;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Metrics always; spans where an exporter is given, each as it ends. The methods that look at the pool are called by its writer; all
 * others are thread-safe.
 */
public final class Telemetry implements AutoCloseable {
    private static final int BATCH = 10_000;
    private static final long END_SECONDS = 5;

    private final Metrics metrics = new Metrics();
    private final @Nullable SdkTracerProvider provider;
    private final Lives lives;
    private boolean begun;

    /** @param exporter takes spans; null for none */
    public Telemetry(@Nullable SpanExporter exporter) {
        List<Lives.Listener> listeners = new ArrayList<>(List.of(metrics));
        if (exporter == null) {
            provider = null;
        } else {
            provider = SdkTracerProvider.builder()
                    .setResource(Resource.getDefault()
                            .merge(Resource.create(
                                    Attributes.of(AttributeKey.stringKey("service.name"), "ingot-pool"))))
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                    .build();
            listeners.add(new Spans(provider.get("dev.ingot.scheduler")));
        }
        lives = new Lives(listeners);
    }

    /** Sends spans by OTLP over HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT says, if it says anything. */
    public static Telemetry ofEnvironment() {
        String endpoint = System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT");
        if (endpoint == null || endpoint.isEmpty()) {
            return new Telemetry(null);
        }
        String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        return new Telemetry(
                OtlpHttpSpanExporter.builder().setEndpoint(base + "/v1/traces").build());
    }

    /** Takes what has happened since it looked last. What had happened before it looked first is learned, but told to nobody. */
    public synchronized void look(Pool pool, long now) {
        List<PoolEvent> events = pool.eventsAfter(lives.sequence(), BATCH);
        while (!events.isEmpty()) {
            lives.take(events, id -> tier(pool, id), begun);
            events = pool.eventsAfter(lives.sequence(), BATCH);
        }
        begun = true;
        metrics.look(pool, now);
    }

    private static @Nullable Tier tier(Pool pool, String id) {
        WorkloadView workload = pool.workload(id);
        return workload == null ? null : workload.spec().tier();
    }

    /** Notes an answer of the API. */
    public void answered(String route, int status, long nanos) {
        metrics.answered(route, status, nanos);
    }

    /** What there is to tell, in Prometheus' text format, as of the last look. */
    public String metrics() {
        return metrics.text();
    }

    /** Waits until the spans that have ended are exported, or it takes too long. */
    void flush() {
        if (provider != null) {
            provider.forceFlush().join(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(END_SECONDS, TimeUnit.SECONDS);
        }
    }
}
