package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The same cluster cut into one of its own for each tier, as departments have that share nothing: each gets machines in proportion
 * to the work that its jobs are, so that none is worse off than it must be.
 */
public final class Departments {
    private Departments() {}

    /**
     * The parts of a trace, by tier; tiers without jobs have none. The machines are dealt out largest first, each to who lacks most of
     * its share; work is measured in device time where there are devices, else in core time.
     */
    public static List<Trace> of(Trace whole) {
        Map<Tier, Double> work = new EnumMap<>(Tier.class);
        Map<Tier, List<Trace.Job>> jobs = new EnumMap<>(Tier.class);
        boolean devices =
                whole.machines().stream().anyMatch(machine -> machine.capacity().devices() > 0);
        for (Trace.Job job : whole.jobs()) {
            work.merge(job.tier(), size(job.needs(), devices) * job.runMillis(), Double::sum);
            jobs.computeIfAbsent(job.tier(), tier -> new ArrayList<>()).add(job);
        }
        double allWork = work.values().stream().mapToDouble(Double::doubleValue).sum();
        double allSize = whole.machines().stream()
                .mapToDouble(machine -> size(machine.capacity(), devices))
                .sum();
        Map<Tier, Double> lacking = new EnumMap<>(Tier.class);
        Map<Tier, List<Trace.Machine>> machines = new EnumMap<>(Tier.class);
        work.forEach((tier, amount) -> {
            lacking.put(tier, allWork == 0 ? allSize : amount / allWork * allSize);
            machines.put(tier, new ArrayList<>());
        });
        List<Trace.Machine> dealt = whole.machines().stream()
                .sorted(Comparator.comparingDouble((Trace.Machine machine) -> -size(machine.capacity(), devices))
                        .thenComparing(Trace.Machine::name))
                .toList();
        for (Trace.Machine machine : dealt) {
            lacking.entrySet().stream().max(Map.Entry.comparingByValue()).ifPresent(most -> {
                Tier tier = most.getKey();
                machines.getOrDefault(tier, new ArrayList<>()).add(machine);
                lacking.merge(tier, -size(machine.capacity(), devices), Double::sum);
            });
        }
        List<Trace> parts = new ArrayList<>();
        machines.forEach((tier, own) -> parts.add(new Trace(own, jobs.getOrDefault(tier, List.of()))));
        return parts;
    }

    /** Cores count a little where there are devices, so that work without devices has a share too. */
    private static double size(Resources amount, boolean devices) {
        double cores = amount.milliCores() / 1000.0;
        return devices ? amount.devices() + cores / 100 : cores;
    }

    /** What is used of all parts together; one that has come to its end is idle from then on. */
    public static List<Usage> together(List<List<Usage>> parts) {
        List<Usage> sums = new ArrayList<>();
        int longest = parts.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            Usage sum = null;
            for (List<Usage> part : parts) {
                if (!part.isEmpty()) {
                    Usage sample = i < part.size() ? part.get(i) : idle(part.get(part.size() - 1));
                    sum = sum == null ? sample : plus(sum, sample);
                }
            }
            if (sum != null) {
                sums.add(sum);
            }
        }
        return sums;
    }

    private static Usage idle(Usage last) {
        return new Usage(last.atMillis(), last.capacity(), last.reserved(), Resources.NONE, Map.of(), 0, last.queued());
    }

    private static Usage plus(Usage one, Usage other) {
        Map<Tier, Resources> used = new EnumMap<>(Tier.class);
        for (Usage usage : List.of(one, other)) {
            usage.used().forEach((tier, amount) -> used.merge(tier, amount, Resources::plus));
        }
        return new Usage(
                Math.max(one.atMillis(), other.atMillis()),
                one.capacity().plus(other.capacity()),
                one.reserved().plus(other.reserved()),
                one.usedOfReservations().plus(other.usedOfReservations()),
                used,
                one.running() + other.running(),
                one.queued() + other.queued());
    }
}
