package dev.ingot.scheduler.telemetry;

import dev.ingot.scheduler.pool.WorkloadState;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The lives of workloads as traces: a span from submission to end, and under it one for each stretch, named {@code place} (it waited for
 * room), {@code start} or {@code resume}, {@code run}, {@code suspend}, {@code held}, {@code cancel}. Not thread-safe.
 */
final class Spans implements Lives.Listener {
    private static final AttributeKey<String> WORKLOAD = AttributeKey.stringKey("ingot.workload");
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("ingot.tenant");
    private static final AttributeKey<String> TIER = AttributeKey.stringKey("ingot.tier");
    private static final AttributeKey<String> NODE = AttributeKey.stringKey("ingot.node");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("ingot.reason");
    private static final AttributeKey<Long> EPOCH = AttributeKey.longKey("ingot.epoch");

    private final Tracer tracer;
    private final Map<String, Span> lives = new HashMap<>();

    Spans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public void ended(Stretch stretch) {
        Span life = lives.computeIfAbsent(
                stretch.workload(),
                id -> tracer.spanBuilder("workload")
                        .setNoParent()
                        .setStartTimestamp(stretch.fromMillis(), TimeUnit.MILLISECONDS)
                        .setAttribute(WORKLOAD, id)
                        .setAttribute(TENANT, stretch.tenant())
                        .setAttribute(TIER, text(stretch.tier()))
                        .startSpan());
        SpanBuilder part = tracer.spanBuilder(name(stretch))
                .setParent(Context.root().with(life))
                .setStartTimestamp(stretch.fromMillis(), TimeUnit.MILLISECONDS)
                .setAttribute(WORKLOAD, stretch.workload())
                .setAttribute(EPOCH, stretch.epoch())
                .setAttribute(REASON, stretch.reason());
        String node = stretch.node();
        if (node != null) {
            part.setAttribute(NODE, node);
        }
        part.startSpan().end(stretch.toMillis(), TimeUnit.MILLISECONDS);
        if (stretch.next().isEnded()) {
            lives.remove(stretch.workload());
            if (stretch.next() == WorkloadState.FAILED) {
                life.setStatus(StatusCode.ERROR, stretch.reason());
            }
            life.setAttribute(REASON, stretch.reason()).end(stretch.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String name(Stretch stretch) {
        return switch (stretch.state()) {
            case QUEUED -> "place";
            case STARTING -> stretch.fresh() ? "start" : "resume";
            case RUNNING -> "run";
            case SUSPENDING -> "suspend";
            case HELD -> "held";
            case CANCELLING -> "cancel";
            case DONE, FAILED, CANCELLED -> "ended";
        };
    }
}
