package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a trace. Not thread-safe; may be run once.
 *
 * <p>Nodes obey at once and never fail. A suspended workload keeps all its work.
 */
public final class Simulation {
    private static final String INCARNATION = "simulated";
    private static final long TICK_EVERY = 1;

    private final Trace trace;
    private final Costs costs;
    private final Pool pool;
    private final PriorityQueue<Happening> ahead = new PriorityQueue<>();
    private final Map<String, Run> runs = new HashMap<>();
    private final Map<Tier, Tally> tallies = new EnumMap<>(Tier.class);
    private long happenings;
    private long images;
    private long now;
    private long commands;
    /** Of the tick to come; in the past if there is none. */
    private long wakeAt = -1;

    public Simulation(Trace trace, Policy policy, Costs costs) {
        this.trace = trace;
        this.costs = costs;
        this.pool = new Pool(policy);
        for (Tier tier : Tier.values()) {
            tallies.put(tier, new Tally());
        }
    }

    /** Something that will be; of those at one time, what was found out first is first. */
    private record Happening(long at, long number, Runnable what) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** A workload as the nodes know it. It gets on while all of its copies run. */
    private static final class Run {
        final Trace.Job job;
        final Map<String, Copy> copies = new HashMap<>();
        long left;
        long runningSince = -1;
        /** How often it has begun to get on. */
        long starts;

        boolean started;

        Run(Trace.Job job) {
            this.job = job;
            this.left = job.runMillis();
        }
    }

    private static final class Copy {
        long epoch;
        long attempt;
        boolean runs;
        String node = "";
    }

    private static final class Tally {
        long jobs;
        long started;
        long ended;
        long suspensions;
        long wait;
        long turnaround;
    }

    /**
     * Runs it to its end, or to {@code endMillis}.
     *
     * @param sampleMillis how far apart the samples are that {@code samples} is given
     */
    public List<Summary> run(long sampleMillis, long endMillis, Consumer<Usage> samples) {
        for (Trace.Machine machine : trace.machines()) {
            apply(new Command.Join(machine.name(), INCARNATION, machine.capacity()));
        }
        for (Trace.Job job : trace.jobs()) {
            at(job.arrivalMillis(), () -> submit(job));
        }
        long sample = 0;
        while (!ahead.isEmpty() && ahead.element().at() <= endMillis) {
            Happening next = ahead.remove();
            while (sample <= next.at()) {
                samples.accept(pool.usage(sample));
                sample += sampleMillis;
            }
            now = next.at();
            next.what().run();
            wakeLater();
        }
        return summaries();
    }

    /** The time of the last that happened. */
    public long endMillis() {
        return now;
    }

    /** How many commands the core has carried out. */
    public long commands() {
        return commands;
    }

    private Tally tally(Trace.Job job) {
        return Objects.requireNonNull(tallies.get(job.tier()));
    }

    private void at(long time, Runnable what) {
        happenings++;
        ahead.add(new Happening(Math.max(time, now), happenings, what));
    }

    private void wakeLater() {
        long tick = pool.nextTick(now);
        if (tick != Long.MAX_VALUE && (wakeAt <= now || tick < wakeAt)) {
            wakeAt = Math.max(tick, now + TICK_EVERY);
            at(wakeAt, () -> apply(new Command.Tick()));
        }
    }

    private void submit(Trace.Job job) {
        tally(job).jobs++;
        WorkloadSpec spec = new WorkloadSpec(
                job.name(), job.tenant(), job.tier(), 0, job.needs(), List.of("java"), "/", Map.of(), 0, job.gang());
        if (runs.put(job.name(), new Run(job)) != null) {
            throw new IllegalStateException("two jobs are called " + job.name());
        }
        apply(new Command.Submit(job.name(), spec));
    }

    private void apply(Command command) {
        commands++;
        Answer answer = pool.apply(now, command);
        if (!answer.accepted()) {
            throw new IllegalStateException(answer.text());
        }
        for (String node : pool.takeChangedNodes()) {
            for (Order order : pool.orders(node)) {
                // Nothing is migrated here, so nothing is to be prepared.
                obey(node, order);
            }
        }
    }

    // Orders are obeyed later, though at the same time: the core has one writer.
    private void obey(String node, Order order) {
        Run run = run(order);
        Copy copy = run.copies.computeIfAbsent(order.workload(), absent -> new Copy());
        if (order.epoch() > copy.epoch) {
            copy.epoch = order.epoch();
            copy.attempt = 0;
            copy.runs = false;
            copy.node = node;
            at(now + costs.startMillis(), () -> started(order, run, copy));
        } else if (order.goal() == Goal.SUSPEND && order.attempt() > copy.attempt) {
            copy.attempt = order.attempt();
            at(now, () -> suspend(order, run, copy));
        }
    }

    private Run run(Order order) {
        Run run = runs.get(order.spec().name());
        if (run == null) {
            throw new IllegalStateException("the pool knows " + order.workload() + ", which nobody submitted");
        }
        return run;
    }

    private void started(Order order, Run run, Copy copy) {
        if (copy.epoch != order.epoch() || copy.attempt > 0) {
            // It is being suspended before it has done anything.
            return;
        }
        copy.runs = true;
        report(order, copy, Phase.RUNNING, null);
        long running = run.copies.values().stream().filter(each -> each.runs).count();
        if (running == run.job.gang()) {
            allStarted(run);
        }
    }

    private void allStarted(Run run) {
        run.runningSince = now;
        run.starts++;
        if (!run.started) {
            run.started = true;
            Tally tally = tally(run.job);
            tally.started++;
            tally.wait += now - run.job.arrivalMillis();
        }
        long start = run.starts;
        at(now + run.left, () -> ended(run, start));
    }

    private void ended(Run run, long start) {
        if (run.starts != start || run.runningSince < 0) {
            return;
        }
        run.left = 0;
        run.runningSince = -1;
        Tally tally = tally(run.job);
        tally.ended++;
        tally.turnaround += now - run.job.arrivalMillis();
        run.copies.forEach((workload, copy) -> {
            copy.runs = false;
            report(workload, copy, Phase.EXITED, null);
        });
    }

    private void suspend(Order order, Run run, Copy copy) {
        if (copy.epoch != order.epoch() || run.left == 0) {
            return;
        }
        if (run.runningSince >= 0) {
            run.left -= now - run.runningSince;
            run.runningSince = -1;
            tally(run.job).suspensions++;
        }
        copy.runs = false;
        at(now + costs.suspendMillis(), () -> {
            images++;
            report(order, copy, Phase.SUSPENDED, new ImageReference("image", images, 1, 0));
        });
    }

    private void report(Order order, Copy copy, Phase phase, @Nullable ImageReference image) {
        report(order.workload(), copy, phase, image);
    }

    private void report(String workload, Copy copy, Phase phase, @Nullable ImageReference image) {
        Report report = new Report(workload, copy.epoch, phase, image, 0, 0, 0, null, null);
        apply(new Command.Observe(copy.node, INCARNATION, List.of(report)));
    }

    private List<Summary> summaries() {
        List<Summary> summaries = new ArrayList<>();
        tallies.forEach((tier, tally) -> summaries.add(new Summary(
                tier,
                tally.jobs,
                tally.started,
                tally.ended,
                tally.suspensions,
                tally.started == 0 ? 0 : tally.wait / tally.started,
                tally.ended == 0 ? 0 : tally.turnaround / tally.ended)));
        return summaries;
    }
}
