package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What nodes say, and what becomes of their workloads by it. Confined to the core's writer. */
final class Observations {
    private static final int SIGNALLED = 128;
    private static final int KILL = 9;
    /** Each is kept account of. */
    private static final long MOST_MILLI_DEVICES = 1024L * Resources.WHOLE_DEVICE;
    /** ILL, TRAP, ABRT, BUS, FPE, KILL, SEGV, SYS: how a JVM is killed or crashes. */
    private static final Set<Integer> DEADLY = Set.of(4, 5, 6, 7, 8, 9, 11, 31);

    private final Registry registry;
    private final Repair repair;
    private final Gangs gangs;
    private final Moves moves;
    private final Policy policy;

    Observations(Registry registry, Repair repair, Gangs gangs, Moves moves, Policy policy) {
        this.moves = moves;
        this.gangs = gangs;
        this.registry = registry;
        this.repair = repair;
        this.policy = policy;
    }

    Answer join(long now, Command.Join join) {
        if (join.capacity().milliDevices() > MOST_MILLI_DEVICES) {
            return Answer.refused("node " + join.node() + " cannot have more than "
                    + Resources.thousandths(MOST_MILLI_DEVICES) + " devices");
        }
        if (!join.devices().equals(NodeDevices.UNNAMED)
                && join.devices().total() * Resources.WHOLE_DEVICE
                        != join.capacity().milliDevices()) {
            return Answer.refused("node " + join.node() + " has " + join.capacity() + ", which is not "
                    + join.devices().text());
        }
        Node node = registry.addNode(join.node());
        if (node.alive && !node.incarnation.equals(join.incarnation())) {
            return Answer.refused("node " + join.node() + " is taken until the lease of who has it runs out");
        }
        if (!node.incarnation.equals(join.incarnation())) {
            node.takeStranded();
        }
        node.incarnation = join.incarnation();
        node.setCapacity(join.capacity(), join.devices());
        node.location = join.location();
        node.equipment = join.equipment();
        node.alive = true;
        node.leaving = false;
        registry.nodeChanged(now, node);
        registry.events()
                .note(
                        now,
                        node.name,
                        null,
                        "node " + node.name + " has joined with " + node.capacity() + in(node.location));
        return Answer.of(join.node());
    }

    private static String in(Location location) {
        return location.equals(Location.NOWHERE) ? "" : " in " + location;
    }

    Answer foresee(Command.Foresee foresee) {
        Workload workload = registry.workload(foresee.workload());
        if (workload == null || workload.state.isEnded()) {
            return Answer.refused(foresee.workload() + " is not there any more");
        }
        workload.foreseen.add(foresee.image(), foresee.prospects(), workload.neededImages());
        registry.foreseen(workload);
        return Answer.of(workload.id);
    }

    Answer leave(long now, Command.Leave leave) {
        Node node = registry.findNode(leave.node());
        if (node == null || !node.alive || !node.incarnation.equals(leave.incarnation())) {
            return Answer.refused("node " + leave.node() + " is not in the pool as " + leave.incarnation());
        }
        if (!node.leaving) {
            registry.events().note(now, node.name, null, "node " + node.name + " is about to end");
        }
        node.leaving = true;
        registry.nodeChanged(now, node);
        return Answer.of(leave.node());
    }

    Answer diagnose(long now, Command.Diagnose diagnose) {
        Node node = registry.findNode(diagnose.node());
        if (node == null || !node.alive || !node.incarnation.equals(diagnose.incarnation())) {
            return Answer.refused("node " + diagnose.node() + " is not in the pool as " + diagnose.incarnation());
        }
        repair.found(now, node, diagnose.findings());
        return Answer.of(diagnose.node());
    }

    /** @param closed whether the pool is, so that nodes may end as they like */
    Answer lose(long now, Command.Lose lose, boolean closed) {
        Node node = registry.findNode(lose.node());
        if (node == null || !node.alive || !node.incarnation.equals(lose.incarnation())) {
            return Answer.refused("node " + lose.node() + " is not in the pool as " + lose.incarnation());
        }
        boolean ended = closed || (node.leaving && node.workloads.isEmpty());
        node.alive = false;
        registry.nodeChanged(now, node);
        registry.events().note(now, node.name, null, "node " + node.name + " was lost");
        for (Workload workload : List.copyOf(node.workloads)) {
            String from = workload.image == null ? "it begins again" : "it goes on from its newest image";
            if (workload.state == WorkloadState.CANCELLING) {
                workload.finalOutput = workload.imageOutput;
                registry.to(now, workload, WorkloadState.CANCELLED, "node " + node.name + " was lost");
            } else {
                WorkloadState next = Repair.heldOrQueued(workload);
                Stranded stranded = stranded(workload, node);
                Repair.breakGang(workload);
                registry.to(now, workload, next, "node " + node.name + " was lost; " + from);
                if (stranded != null) {
                    workload.stranded = stranded;
                    node.strand(workload);
                }
            }
        }
        repair.lost(now, node, !ended);
        return Answer.of(lose.node());
    }

    /** A gang goes back together, and who is being suspended was not to stay: neither is gone on with. */
    private static @Nullable Stranded stranded(Workload workload, Node node) {
        boolean stays = workload.state == WorkloadState.RUNNING || workload.state == WorkloadState.STARTING;
        return stays && workload.gang == null && workload.beyond == null
                ? new Stranded(
                        node.name,
                        node.incarnation,
                        workload.piece.devices(),
                        workload.choice(),
                        workload.state == WorkloadState.RUNNING)
                : null;
    }

    /** Has a node that was lost go on with what nobody has gone on with in its place. */
    Answer comeBack(long now, Command.Return back) {
        Node node = registry.findNode(back.node());
        if (node == null || node.alive || !node.incarnation.equals(back.incarnation())) {
            return Answer.refused("node " + back.node() + " was not lost as " + back.incarnation());
        }
        node.alive = true;
        registry.nodeChanged(now, node);
        registry.events().note(now, node.name, null, "node " + node.name + " is heard again");
        registry.takeBack(now, node);
        return Answer.of(back.node());
    }

    /** Whether a report says anything that the pool does not know, so that it has to be applied. */
    boolean isNews(Command.Observe observe) {
        Node node = registry.findNode(observe.node());
        return isThere(node, observe) && observe.reports().stream().anyMatch(report -> isNews(node, report));
    }

    private static boolean isThere(@Nullable Node node, Command.Observe observe) {
        return node != null && node.alive && node.incarnation.equals(observe.incarnation());
    }

    private boolean isNews(@Nullable Node node, Report report) {
        if (report.phase() == Phase.PREPARED) {
            return expected(node, report) != null;
        }
        Workload workload = concerned(node, report);
        if (workload == null) {
            return false;
        }
        return isNewWarning(workload, report)
                || switch (report.phase()) {
                    case STARTING, PREPARED -> false;
                    case RUNNING ->
                        workload.state == WorkloadState.STARTING
                                || isRefusal(workload, report)
                                || isNewer(report.image(), workload.newestImage());
                    case SUSPENDED, EXITED -> true;
                };
    }

    private @Nullable Workload concerned(@Nullable Node node, Report report) {
        Workload workload = registry.workload(report.workload());
        boolean concerned = workload != null
                && node != null
                && workload.state.isPlaced()
                && workload.epoch == report.epoch()
                && node.name.equals(workload.node);
        return concerned ? workload : null;
    }

    /** The workload that a node has got ready for; null if it needs not. */
    private @Nullable Workload expected(@Nullable Node node, Report report) {
        Workload workload = registry.workload(report.workload());
        if (workload == null || node == null) {
            return null;
        }
        Preparation preparation = workload.preparation;
        boolean expected = preparation != null
                && workload.state == WorkloadState.RUNNING
                && preparation.epoch() == report.epoch()
                && preparation.node().equals(node.name);
        return expected ? workload : null;
    }

    private static boolean isRefusal(Workload workload, Report report) {
        return workload.state == WorkloadState.SUSPENDING && report.refusedAttempt() == workload.attempt;
    }

    private static boolean isNewWarning(Workload workload, Report report) {
        String warning = report.warning();
        return warning != null && !warning.equals(workload.warning);
    }

    private static boolean isNewer(@Nullable ImageReference seen, @Nullable ImageReference known) {
        return seen != null && (known == null || seen.sequence() > known.sequence());
    }

    Answer observe(long now, Command.Observe observe) {
        Node node = registry.findNode(observe.node());
        if (!isThere(node, observe)) {
            return Answer.refused("node " + observe.node() + " is not in the pool as " + observe.incarnation());
        }
        for (Report report : observe.reports()) {
            Workload workload = concerned(node, report);
            Workload expected = report.phase() == Phase.PREPARED ? expected(node, report) : null;
            if (workload != null) {
                observe(now, workload, report);
            } else if (expected != null) {
                moves.ready(now, expected, observe.node());
            }
        }
        return Answer.of(observe.node());
    }

    private void observe(long now, Workload workload, Report report) {
        ImageReference image = report.image();
        boolean newer = isNewer(image, workload.newestImage());
        Gang gang = workload.gang != null && workload.gang.hasSets() ? workload.gang : null;
        if (image != null && gang != null) {
            boolean isLast = report.phase() == Phase.SUSPENDED && workload.intent != Intent.GO_BACK;
            // It may have been seen already, before the program had ended.
            if (newer || (isLast && image.equals(workload.pending))) {
                gangs.imageTaken(now, workload, gang, image, isLast);
            }
        } else if (image != null && newer) {
            repair.imageTaken(now, workload, image);
        }
        if (newer && image != null) {
            if (workload.state == WorkloadState.RUNNING) {
                registry.prepareFrom(workload, image);
            }
        }
        if (isNewWarning(workload, report)) {
            workload.warning = report.warning();
            registry.note(now, workload, "the agent warns: " + report.warning());
        }
        switch (report.phase()) {
            case STARTING, PREPARED -> {
                // Known since it was ordered.
            }
            case RUNNING -> running(now, workload, report);
            case SUSPENDED -> suspended(now, workload, report);
            case EXITED -> exited(now, workload, report);
        }
    }

    private void running(long now, Workload workload, Report report) {
        if (workload.state == WorkloadState.STARTING) {
            if (workload.startImage != null) {
                registry.costs().resumed(workload, now - workload.stateSince);
            }
            registry.to(now, workload, WorkloadState.RUNNING, "runs");
        } else if (isRefusal(workload, report)) {
            workload.problem = report.problem();
            registry.spared().spare(workload, now + policy.retryMillis());
            if (workload.intent == Intent.MIGRATE) {
                registry.setClaim(workload, null);
            }
            registry.to(now, workload, WorkloadState.RUNNING, "could not be suspended: " + report.problem());
        }
    }

    private void suspended(long now, Workload workload, Report report) {
        if (goesBack(now, workload)) {
            return;
        } else if (report.image() == null) {
            crashed(now, workload, "it ended as if suspended, but left no image", false);
        } else if (workload.state == WorkloadState.CANCELLING) {
            workload.finalOutput = workload.imageOutput;
            registry.to(now, workload, WorkloadState.CANCELLED, "was suspended when it was cancelled");
        } else if (workload.state == WorkloadState.SUSPENDING) {
            registry.costs().suspended(workload, now - workload.stateSince);
            registry.to(now, workload, Repair.heldOrQueued(workload), "suspended");
        } else {
            registry.to(now, workload, WorkloadState.HELD, "was suspended by somebody outside the pool");
        }
    }

    /** Whether it was to end so that its gang goes back; however it did, it counts for nothing. */
    private boolean goesBack(long now, Workload workload) {
        boolean goesBack = workload.state == WorkloadState.SUSPENDING && workload.intent == Intent.GO_BACK;
        if (goesBack) {
            registry.to(now, workload, WorkloadState.QUEUED, "has ended, to go back with its gang");
        }
        return goesBack;
    }

    private void exited(long now, Workload workload, Report report) {
        if (goesBack(now, workload)) {
            return;
        }
        int signal = report.exitCode() - SIGNALLED;
        boolean cancelling = workload.state == WorkloadState.CANCELLING;
        workload.exitCode = report.exitCode();
        if (DEADLY.contains(signal) && !cancelling) {
            crashed(now, workload, "ended by signal " + signal, signal == KILL);
        } else if (report.exitCode() == Report.NOT_STARTED) {
            crashed(now, workload, "could not be started: " + report.problem(), false);
        } else if (report.exitCode() == Report.NOT_RESUMED) {
            crashed(now, workload, "could not go on from its image: " + report.problem(), false);
        } else if (report.exitCode() == Report.OUT_OF_MEMORY) {
            crashed(now, workload, "ran out of memory: " + report.problem(), false);
        } else {
            ended(now, workload, report, DEADLY.contains(signal));
        }
    }

    private void ended(long now, Workload workload, Report report, boolean killed) {
        workload.finalOutput = workload.baseAnd(report.output());
        if (killed) {
            registry.to(now, workload, WorkloadState.CANCELLED, "was ended");
        } else if (report.exitCode() == 0) {
            registry.to(now, workload, WorkloadState.DONE, "ended by itself");
        } else {
            registry.to(now, workload, WorkloadState.FAILED, "ended by itself with exit code " + report.exitCode());
        }
    }

    private void crashed(long now, Workload workload, String how, boolean killed) {
        if (workload.state == WorkloadState.CANCELLING) {
            workload.problem = how;
            workload.finalOutput = workload.imageOutput;
            registry.to(now, workload, WorkloadState.CANCELLED, how);
        } else {
            repair.crashed(now, workload, how, killed);
        }
    }
}
