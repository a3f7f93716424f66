package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Preemption;
import dev.ingot.scheduler.pool.Rearrangement;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a trace. Not thread-safe; may be run once.
 *
 * <p>Nodes obey at once and never fail. A suspended workload keeps all its work. What happens within a millisecond is one group for the memory.
 */
public final class Simulation {
    private static final String INCARNATION = "simulated";
    private static final long TICK_EVERY = 1;
    /** Far more than any move takes. */
    private static final long MOVE_MILLIS = 600_000;
    /** After so many ticks with nothing else left to come, what waits waits for ever: it fits nowhere. */
    private static final int MOST_TICKS_IN_VAIN = 100;

    private final Trace trace;
    private final Map<String, Resources> reservations;
    private final Costs costs;
    private final Pool pool;
    private final Memory memory;
    private final PriorityQueue<Happening> ahead = new PriorityQueue<>();
    private final Map<String, Run> runs = new HashMap<>();
    /** What happened at this instant, by node. */
    private final Map<String, List<Report>> outbox = new LinkedHashMap<>();

    private final Map<Tier, Tally> tallies = new EnumMap<>(Tier.class);
    private long happenings;
    private long images;
    private long now;
    private long endMillis;
    private long commands;
    /** Of the tick to come; in the past if there is none. */
    private long wakeAt = -1;
    /** Of all that is ahead; another tick may be there for nothing. */
    private int ticksAhead;
    /** One after the other with nothing else ahead. */
    private int ticksInVain;

    /** How long each took from its submission to its end, of those that have ended. */
    private final Map<String, Long> turnarounds = new HashMap<>();

    public Simulation(Trace trace, Policy policy, Costs costs) {
        this(trace, Map.of(), policy, costs);
    }

    /** @param reservations by tenant */
    public Simulation(Trace trace, Map<String, Resources> reservations, Policy policy, Costs costs) {
        this(trace, reservations, new Pool(policy), costs, Memory.NONE);
    }

    /**
     * @param reservations by tenant
     * @param pool an empty one
     * @param memory is told of all commands
     */
    public Simulation(Trace trace, Map<String, Resources> reservations, Pool pool, Costs costs, Memory memory) {
        this.reservations = new TreeMap<>(reservations);
        this.trace = trace;
        this.costs = costs;
        this.pool = pool;
        this.memory = memory;
        for (Tier tier : Tier.values()) {
            tallies.put(tier, new Tally());
        }
    }

    /** What remembers the commands of a pool. */
    public interface Memory {
        /** One that forgets them. */
        Memory NONE = new Memory() {
            @Override
            public void append(long at, Command command) {}

            @Override
            public void force() {}
        };

        /** A command was carried out. */
        void append(long at, Command command);

        /** Nobody may hear what came of the commands before they are durable. */
        void force();
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
     * Runs it to its end, or to {@code endMillis}. The end is also when nothing runs or comes any more and no node is large enough for what
     * waits.
     *
     * @param sampleMillis how far apart the samples are that {@code samples} is given
     */
    public List<Summary> run(long sampleMillis, long endMillis, Consumer<Usage> samples) {
        for (Trace.Machine machine : trace.machines()) {
            apply(new Command.Join(machine.name(), INCARNATION, machine.capacity()));
        }
        reservations.forEach((tenant, amount) -> apply(new Command.Reserve(tenant, amount)));
        for (Trace.Job job : trace.jobs()) {
            at(job.arrivalMillis(), () -> submit(job));
        }
        long sample = 0;
        while (!ahead.isEmpty() && ahead.element().at() <= endMillis && ticksInVain < MOST_TICKS_IN_VAIN) {
            while (sample <= ahead.element().at()) {
                samples.accept(pool.usage(sample));
                sample += sampleMillis;
            }
            happen();
        }
        return summaries();
    }

    private void happen() {
        Happening next = ahead.remove();
        now = next.at();
        next.what().run();
        // Whatever runs has its end ahead.
        ticksInVain = ahead.size() == ticksAhead ? ticksInVain + 1 : 0;
        wakeLater();
        if (ahead.isEmpty() || ahead.element().at() > now) {
            memory.force();
        }
    }

    /**
     * Goes on behind the end of {@link #run}, and moves workloads one group after the other as long as that lets others start.
     *
     * @return how many have moved
     */
    public int defragment() {
        int moved = 0;
        for (Rearrangement next = pool.rearrangement(); next != null; next = pool.rearrangement()) {
            int waiting = pool.queueLength();
            if (next.exchange()) {
                apply(new Command.Exchange(
                        next.moves().get(0).workload(), next.moves().get(1).workload()));
            } else {
                next.moves().forEach(move -> apply(new Command.Migrate(move.workload(), move.node())));
            }
            moved += next.moves().size();
            wakeLater();
            long until = now + MOVE_MILLIS;
            while (!ahead.isEmpty() && ahead.element().at() <= until) {
                happen();
            }
            if (pool.queueLength() >= waiting) {
                throw new IllegalStateException(next + " let nobody start");
            }
        }
        return moved;
    }

    /** What is used now. */
    public Usage usage() {
        return pool.usage(now);
    }

    /** When the last job ended. */
    public long endMillis() {
        return endMillis;
    }

    /** How many milliseconds each job took from its submission to its end, by name; of those that have ended. */
    public Map<String, Long> turnarounds() {
        return Map.copyOf(turnarounds);
    }

    /** Which part of what reservations owed was kept within five seconds. */
    public double guaranteeKept() {
        return pool.guaranteeKept();
    }

    /** How often workloads, or gangs, were suspended for others. */
    public Map<Preemption, Long> preemptions() {
        return pool.preemptions();
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
            ticksAhead++;
            at(wakeAt, this::tick);
        }
    }

    private void tick() {
        ticksAhead--;
        apply(new Command.Tick());
    }

    private void submit(Trace.Job job) {
        tally(job).jobs++;
        WorkloadSpec spec = new WorkloadSpec(
                        job.name(), job.tenant(), job.tier(), 0, job.needs(), List.of("java"), "/", Map.of(), 0)
                .toBuilder().gang(job.gang(), job.gang()).build();
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
        memory.append(now, command);
        for (String node : pool.takeChangedNodes()) {
            for (Order order : pool.orders(node)) {
                obey(node, order);
            }
        }
    }

    // Orders are obeyed later, though at the same time: the core has one writer.
    private void obey(String node, Order order) {
        Run run = run(order);
        Copy copy = run.copies.computeIfAbsent(order.workload(), absent -> new Copy());
        if (order.goal() == Goal.PREPARE) {
            // Its image will do.
            return;
        }
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
        endMillis = now;
        run.runningSince = -1;
        Tally tally = tally(run.job);
        tally.ended++;
        tally.turnaround += now - run.job.arrivalMillis();
        turnarounds.put(run.job.name(), now - run.job.arrivalMillis());
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
        if (outbox.isEmpty()) {
            at(now, this::send);
        }
        outbox.computeIfAbsent(copy.node, absent -> new ArrayList<>())
                .add(new Report(workload, copy.epoch, phase, image, 0, 0, 0, null, null));
    }

    /** What a node has to say of one instant it says at once. */
    private void send() {
        Map<String, List<Report>> sent = new LinkedHashMap<>(outbox);
        outbox.clear();
        sent.forEach((node, reports) -> apply(new Command.Observe(node, INCARNATION, reports)));
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
