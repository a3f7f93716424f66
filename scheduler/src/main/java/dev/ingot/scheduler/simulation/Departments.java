package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same cluster cut into one of its own for each tenant, or for each tier where there is one tenant, as departments have that share
 * nothing: each gets machines in proportion to the work that its jobs are, so that none is worse off than it must be.
 */
public final class Departments {
    private Departments() {}

    /**
     * The parts of a trace, by tenant or tier; who has no jobs has none. The machines are dealt out largest first, each to who lacks most of
     * its share; work is measured in device time where there are devices, else in core time.
     */
    public static List<Trace> of(Trace whole) {
        boolean tenants =
                whole.jobs().stream().map(Trace.Job::tenant).distinct().count() > 1;
        Map<String, Double> work = new LinkedHashMap<>();
        Map<String, List<Trace.Job>> jobs = new LinkedHashMap<>();
        boolean devices =
                whole.machines().stream().anyMatch(machine -> machine.capacity().milliDevices() > 0);
        Comparator<Trace.Job> order =
                tenants ? Comparator.comparing(Trace.Job::tenant) : Comparator.comparing(Trace.Job::tier);
        for (Trace.Job job : whole.jobs().stream().sorted(order).toList()) {
            String department = tenants ? job.tenant() : job.tier().name();
            work.merge(department, size(job.needs(), devices) * job.gang() * job.runMillis(), Double::sum);
            jobs.computeIfAbsent(department, absent -> new ArrayList<>()).add(job);
        }
        double allWork = work.values().stream().mapToDouble(Double::doubleValue).sum();
        double allSize = whole.machines().stream()
                .mapToDouble(machine -> size(machine.capacity(), devices))
                .sum();
        Map<String, Double> lacking = new LinkedHashMap<>();
        Map<String, List<Trace.Machine>> machines = new LinkedHashMap<>();
        work.forEach((department, amount) -> {
            lacking.put(department, allWork == 0 ? allSize : amount / allWork * allSize);
            machines.put(department, new ArrayList<>());
        });
        List<Trace.Machine> dealt = whole.machines().stream()
                .sorted(Comparator.comparingDouble((Trace.Machine machine) -> -size(machine.capacity(), devices))
                        .thenComparing(Trace.Machine::name))
                .toList();
        for (Trace.Machine machine : dealt) {
            lacking.entrySet().stream().max(Map.Entry.comparingByValue()).ifPresent(most -> {
                String department = most.getKey();
                machines.getOrDefault(department, new ArrayList<>()).add(machine);
                lacking.merge(department, -size(machine.capacity(), devices), Double::sum);
            });
        }
        List<Trace> parts = new ArrayList<>();
        machines.forEach((department, own) -> parts.add(new Trace(own, jobs.getOrDefault(department, List.of()))));
        return parts;
    }

    /** What each tenant's cluster of its own has, to be reserved for it in a pool. */
    public static Map<String, Resources> reservations(List<Trace> parts) {
        Map<String, Resources> reservations = new LinkedHashMap<>();
        for (Trace part : parts) {
            part.jobs().stream().map(Trace.Job::tenant).distinct().forEach(tenant -> {
                for (Trace.Machine machine : part.machines()) {
                    reservations.merge(tenant, machine.capacity(), Resources::plus);
                }
            });
        }
        return reservations;
    }

    /** Cores count a little where there are devices, so that work without devices has a share too. */
    private static double size(Resources amount, boolean devices) {
        double cores = amount.milliCores() / 1000.0;
        return devices ? amount.milliDevices() / 1000.0 + cores / 100 : cores;
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
