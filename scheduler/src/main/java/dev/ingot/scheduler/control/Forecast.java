package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.WorkloadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What would follow from a command: the decision core itself, on a copy of the pool, with nodes that obey and workloads that never
 * end. Not thread-safe.
 *
 * @param why of the workload the command is about, if it is about one; else of which workloads, that have a place now, the images cannot go on
 *     where there would be one
 */
record Forecast(Answer answer, List<PoolEvent> events, List<String> why) {
    private static final int MOST_ROUNDS = 1000;
    private static final int MOST_STUCK = 20;
    private static final int MOST_EVENTS = 10_000;
    private static final long STEP_MILLIS = 1000;
    private static final long HORIZON_MILLIS = 5 * 60_000;

    /**
     * Changes {@code copy}.
     *
     * @param known whether a tenant's workloads may be named
     */
    static Forecast of(Pool copy, long now, Command command, Predicate<String> known) {
        long before = copy.lastEvent();
        List<WorkloadView> placed = copy.workloads().stream()
                .filter(workload -> workload.state().isPlaced())
                .toList();
        Answer answer = copy.apply(now, command);
        long at = now;
        for (int round = 0; round < MOST_ROUNDS && at < now + HORIZON_MILLIS; round++) {
            at += STEP_MILLIS;
            Set<String> changed = copy.takeChangedNodes();
            if (changed.isEmpty()) {
                long tick = copy.nextTick(at);
                at = Math.max(at, Math.min(tick, now + HORIZON_MILLIS));
                copy.apply(at, new Command.Tick());
            }
            for (String node : changed) {
                obey(copy, at, node);
            }
        }
        String id = command instanceof Command.Submit && answer.accepted() ? answer.text() : null;
        return new Forecast(
                answer,
                copy.eventsAfter(before, MOST_EVENTS),
                id == null ? stuck(copy, placed) : copy.why(at, id, known));
    }

    private static List<String> stuck(Pool copy, List<WorkloadView> placed) {
        List<String> sentences = new ArrayList<>();
        for (WorkloadView view : placed) {
            List<String> impossible = copy.impossible(view.id());
            if (!impossible.isEmpty() && sentences.size() < MOST_STUCK) {
                sentences.add(view.id() + " would wait. " + String.join(" ", impossible));
            }
        }
        return sentences;
    }

    private static void obey(Pool pool, long now, String name) {
        NodeView node = pool.node(name);
        if (node != null) {
            List<Report> reports =
                    pool.orders(name).stream().map(Forecast::report).toList();
            Command.Observe observe = new Command.Observe(name, node.incarnation(), reports);
            if (pool.isNews(observe)) {
                pool.apply(now, observe);
            }
        }
    }

    private static Report report(Order order) {
        Phase phase = switch (order.goal()) {
            case PREPARE -> Phase.PREPARED;
            case RUN, COPY, CHECKPOINT -> Phase.RUNNING;
            case SUSPEND -> Phase.SUSPENDED;
            case KILL -> Phase.EXITED;
        };
        ImageReference image = phase == Phase.SUSPENDED || order.goal() == Goal.COPY || order.goal() == Goal.CHECKPOINT
                // Newer than whatever there is, and what is foreseen of the last one holds for it.
                ? new ImageReference(newest(order), Long.MAX_VALUE / 2 + order.epoch(), 0, 0)
                : null;
        return new Report(order.workload(), order.epoch(), phase, image, 0, 0, 0, null, null);
    }

    private static String newest(Order order) {
        return order.kept().isEmpty() ? "" : order.kept().get(order.kept().size() - 1);
    }
}
