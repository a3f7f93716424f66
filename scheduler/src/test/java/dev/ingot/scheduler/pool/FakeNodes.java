package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Nodes as they might be: slow, forgetful, killed, cut off. They obey the pool's orders at random times, their reports arrive late, twice
 * and out of order, and workloads crash, end and refuse to be suspended. A seed makes a run.
 *
 * <p>It keeps the truth: which copies really run. A node that is cut off or killed loses its copies before the pool is told that its
 * lease is over, as the guards see to in a real pool: they end, or stand still and may be gone on with when it comes back.
 */
final class FakeNodes {
    private final Pool pool;
    private final Random random;
    private final Map<String, FakeNode> nodes = new LinkedHashMap<>();
    private final List<Command.Observe> inFlight = new ArrayList<>();
    private final boolean hostile;
    private long sequence;
    private long incarnations;
    private long now;

    /** All that was done to the pool. */
    final List<Timed> commands = new ArrayList<>();

    /** How often a node that was given up has come back. */
    int returns;

    /** Which nodes have which accelerators: of nodes of the same remainder the same; 0 if nobody says. */
    int equipments;

    /** What was foreseen of each image. */
    final Map<String, Map<String, Prospect>> foreseen = new HashMap<>();

    private final Random foresight;

    /** Workloads that will not be suspended. */
    final Set<String> stubborn = new HashSet<>();

    FakeNodes(Pool pool, long seed, boolean hostile) {
        this.pool = pool;
        this.random = new Random(seed);
        this.foresight = new Random(seed);
        this.hostile = hostile;
    }

    /** A command and when it came. */
    record Timed(long at, Command command) {}

    private static final class FakeNode {
        final String name;
        final Resources capacity;
        final NodeDevices devices;
        final Location location;
        String incarnation = "";
        boolean dead;
        /** Whether its copies stand still since it was given up. */
        boolean frozen;

        final Map<String, FakeCopy> copies = new LinkedHashMap<>();

        FakeNode(String name, Resources capacity, NodeDevices devices, Location location) {
            this.devices = devices;
            this.name = name;
            this.location = location;
            this.capacity = capacity;
        }
    }

    private static final class FakeCopy {
        final Order order;
        Phase phase;
        ImageReference image = new ImageReference("", -1, 0, 0);
        long refused;
        /** Whether the last order was to take an image. */
        boolean copying;
        /** Whether it has written its last image, and is about to end. */
        boolean ending;

        int exitCode;
        long output;

        FakeCopy(Order order) {
            this.order = order;
            this.phase = order.goal() == Goal.PREPARE ? Phase.PREPARED : Phase.STARTING;
        }

        boolean runs() {
            return phase == Phase.STARTING || phase == Phase.RUNNING;
        }

        Report report() {
            return new Report(
                    order.workload(),
                    order.epoch(),
                    phase,
                    image.sequence() < 0 ? null : image,
                    exitCode,
                    output,
                    refused,
                    refused > 0 ? "it is stubborn" : null,
                    null);
        }
    }

    void add(String name, Resources capacity) {
        add(name, capacity, Location.NOWHERE);
    }

    void add(String name, Resources capacity, Location location) {
        add(name, capacity, NodeDevices.UNNAMED, location);
    }

    void add(String name, Resources capacity, NodeDevices devices, Location location) {
        FakeNode node = new FakeNode(name, capacity, devices, location);
        nodes.put(name, node);
        join(node);
    }

    private void join(FakeNode node) {
        incarnations++;
        node.incarnation = "i" + incarnations;
        node.dead = false;
        apply(new Command.Join(
                node.name, node.incarnation, node.capacity, node.devices, node.location, equipment(node.name)));
    }

    String equipment(String node) {
        return equipments == 0 ? "" : "e" + Math.floorMod(node.hashCode(), equipments);
    }

    /** Of some of the kinds there are, whatever comes to mind. */
    private void foresee(String image) {
        Map<String, Prospect> prospects = new HashMap<>();
        for (int kind = 0; kind < equipments; kind++) {
            int chance = foresight.nextInt(6);
            if (chance > 0) {
                Prospect prospect =
                        chance > 2 ? new Prospect(true, chance * 10L, "") : new Prospect(false, 0, "impossible");
                String equipment = "e" + kind;
                prospects.put(equipment, prospect);
                for (AcceleratorKind each : AcceleratorKind.values()) {
                    prospects.put(Prospect.key(equipment, each), prospect);
                }
            }
        }
        foreseen.put(image, prospects);
    }

    /** As the control process does before it passes a report on. */
    private void tell(Report report) {
        ImageReference image = report.image();
        Map<String, Prospect> prospects = image == null ? Map.of() : foreseen.getOrDefault(image.directory(), Map.of());
        if (image != null && !prospects.isEmpty()) {
            apply(new Command.Foresee(report.workload(), image.directory(), prospects));
        }
    }

    Answer apply(Command command) {
        if (command instanceof Command.Observe observe) {
            observe.reports().forEach(this::tell);
        }
        now += random.nextInt(50);
        commands.add(new Timed(now, command));
        return pool.apply(now, command);
    }

    long now() {
        return now;
    }

    /** Lets time pass until time alone changes something. */
    void passTime(long millis) {
        now += millis;
        apply(new Command.Tick());
    }

    /** Something happens somewhere. */
    void step() {
        FakeNode node = new ArrayList<>(nodes.values()).get(random.nextInt(nodes.size()));
        int chance = random.nextInt(100);
        if (node.dead) {
            if (chance < 10) {
                comeBack(node);
            }
        } else if (hostile && chance < 1) {
            kill(node);
        } else if (hostile && chance < 2) {
            cutOff(node);
        } else if (chance < 45) {
            obey(node);
        } else if (chance < 75) {
            progress(node);
        } else {
            report(node);
        }
        deliver();
    }

    /** Obeys, progresses and reports until nothing changes any more. No workload ends by itself. */
    void settle() {
        for (FakeNode node : nodes.values()) {
            if (node.dead) {
                comeBack(node);
            }
        }
        inFlight.clear();
        for (int round = 0; round < 60; round++) {
            for (FakeNode node : nodes.values()) {
                obey(node);
                node.copies.values().forEach(copy -> {
                    if (copy.phase == Phase.STARTING) {
                        copy.phase = Phase.RUNNING;
                    }
                });
                obey(node);
                apply(observe(node));
            }
            passTime(Policy.USUAL.retryMillis());
        }
    }

    private void kill(FakeNode node) {
        // First the copies end, then the lease, then the pool is told.
        node.copies.clear();
        node.frozen = false;
        node.dead = true;
        apply(new Command.Lose(node.name, node.incarnation));
    }

    /** The copies stand still, then the lease ends, then the pool is told. */
    private void cutOff(FakeNode node) {
        node.frozen = true;
        node.dead = true;
        apply(new Command.Lose(node.name, node.incarnation));
    }

    private void comeBack(FakeNode node) {
        if (node.frozen && random.nextInt(4) > 0) {
            Answer answer = apply(new Command.Return(node.name, node.incarnation));
            if (answer.accepted()) {
                returns++;
                node.dead = false;
                // It is not told anything yet, so nothing goes on; it may be lost once more before it is.
                return;
            }
        }
        // It starts over, or was killed meanwhile.
        node.copies.clear();
        node.frozen = false;
        join(node);
    }

    private void obey(FakeNode node) {
        Set<String> named = new HashSet<>();
        pool.orders(node.name).forEach(order -> named.add(order.workload() + "@" + order.epoch()));
        node.copies.keySet().retainAll(named);
        node.frozen = false;
        Set<String> ordered = new HashSet<>();
        for (Order order : pool.orders(node.name)) {
            String key = order.workload() + "@" + order.epoch();
            ordered.add(key);
            FakeCopy copy = node.copies.computeIfAbsent(key, absent -> new FakeCopy(order));
            // What it was started for, or got ready for, it was told when it began.
            assertThat(order.choice())
                    .as("of %s, which began by %s", order, copy.order)
                    .isEqualTo(copy.order.choice());
            if (order.goal() != Goal.PREPARE && copy.phase == Phase.PREPARED) {
                copy.phase = Phase.STARTING;
            }
            boolean toCopy = order.goal() == Goal.COPY || order.goal() == Goal.CHECKPOINT;
            if (toCopy && copy.phase == Phase.RUNNING && !copy.copying) {
                image(copy);
            }
            copy.copying = toCopy;
            if (order.goal() == Goal.KILL && copy.runs()) {
                copy.phase = Phase.EXITED;
                copy.exitCode = 137;
            } else if (order.goal() == Goal.SUSPEND && copy.phase == Phase.RUNNING && copy.refused < order.attempt()) {
                suspend(copy, order);
            }
        }
        node.copies.keySet().retainAll(ordered);
    }

    private void suspend(FakeCopy copy, Order order) {
        if (copy.ending) {
            copy.phase = Phase.SUSPENDED;
        } else if (stubborn.contains(order.workload()) || (hostile && random.nextInt(10) == 0)) {
            copy.refused = order.attempt();
        } else {
            image(copy);
            copy.ending = hostile && random.nextBoolean();
            copy.phase = copy.ending ? Phase.RUNNING : Phase.SUSPENDED;
        }
    }

    private void image(FakeCopy copy) {
        sequence++;
        copy.image = new ImageReference("image " + sequence, sequence, 1, copy.output);
        foresee(copy.image.directory());
    }

    private void progress(FakeNode node) {
        if (node.frozen) {
            return;
        }
        for (FakeCopy copy : node.copies.values()) {
            if (copy.phase == Phase.STARTING) {
                copy.phase = Phase.RUNNING;
            } else if (copy.phase == Phase.RUNNING && !copy.ending) {
                copy.output += random.nextInt(10);
                int chance = random.nextInt(60);
                if (chance < 10) {
                    image(copy);
                } else if (hostile && chance == 10) {
                    copy.phase = Phase.EXITED;
                    copy.exitCode = 137;
                } else if (hostile && chance == 11) {
                    copy.phase = Phase.EXITED;
                }
            }
        }
    }

    private Command.Observe observe(FakeNode node) {
        return new Command.Observe(
                node.name,
                node.incarnation,
                node.copies.values().stream().map(FakeCopy::report).toList());
    }

    private void report(FakeNode node) {
        inFlight.add(observe(node));
        if (hostile && random.nextInt(4) == 0) {
            inFlight.add(observe(node));
        }
    }

    private void deliver() {
        if (!inFlight.isEmpty() && random.nextBoolean()) {
            int index = hostile ? random.nextInt(inFlight.size()) : 0;
            Command.Observe observe = inFlight.get(index);
            if (!hostile || random.nextInt(3) > 0) {
                inFlight.remove(index);
            }
            apply(observe);
        }
    }

    /** How many copies of each workload really run. */
    Map<String, Integer> running() {
        Map<String, Integer> running = new HashMap<>();
        for (FakeNode node : nodes.values()) {
            for (FakeCopy copy : node.copies.values()) {
                if (copy.runs() && !node.frozen) {
                    running.merge(copy.order.workload(), 1, Integer::sum);
                }
            }
        }
        return running;
    }
}
