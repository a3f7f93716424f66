package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.operation.Determinism;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether and how a state can go on on a device.
 *
 * @param mode the way
 * @param recomputed share of the pending kernels' items that is computed a second time, from 0 to 1
 * @param kept the weakest promise among the pending kernels on the target
 * @param reasons why it is impossible, or what is lost
 */
public record RestorePlan(Mode mode, double recomputed, Determinism kept, List<String> reasons) {

    /** How a state reaches a device. */
    public enum Mode {
        /** By contents and cursors; any device that has the operations. */
        PORTABLE,
        /** Not at all. */
        IMPOSSIBLE
    }

    public RestorePlan {
        reasons = List.copyOf(reasons);
    }

    /** Whether there is a way. */
    public boolean isPossible() {
        return mode != Mode.IMPOSSIBLE;
    }

    /**
     * Plans without touching a device: depends on nothing but its arguments.
     *
     * @param target where the state is to go on
     */
    public static RestorePlan of(DeviceState state, DeviceDescriptor target) {
        List<String> obstacles = new ArrayList<>();
        if (state.format() != DeviceState.FORMAT) {
            obstacles.add(
                    "the state has format " + state.format() + ", this version reads format " + DeviceState.FORMAT);
        }
        if (state.bytes() > target.memoryBytes()) {
            obstacles.add(
                    "the buffers take " + state.bytes() + " bytes, " + target.name() + " has " + target.memoryBytes());
        }
        Cost cost = new Cost();
        for (CommandState command : state.commands()) {
            cost.add(command, state.takenOn(), target, obstacles);
        }
        return obstacles.isEmpty()
                ? new RestorePlan(Mode.PORTABLE, cost.share(), cost.kept, cost.losses)
                : new RestorePlan(Mode.IMPOSSIBLE, 0, Determinism.NONE, obstacles);
    }

    private static final class Cost {
        private Determinism kept = Determinism.BITWISE_ANY_KIND;
        private final List<String> losses = new ArrayList<>();
        private long items;
        private long repeated;

        void add(CommandState command, DeviceDescriptor source, DeviceDescriptor target, List<String> obstacles) {
            OperationSupport there = target.support(command.operation());
            if (there == null) {
                obstacles.add(target.name() + " does not have " + command.operation());
                return;
            }
            items += command.items();
            long again = command.done() % there.grain();
            if (command.done() < command.items()) {
                repeated += again;
            }
            if (again > 0 && !command.operation().restartable()) {
                obstacles.add(command.operation() + " stands at item " + command.done() + ", which is no multiple of "
                        + target.name() + "'s grain of " + there.grain() + ", and cannot be repeated");
            }
            if (!there.determinism().isAtLeast(kept)) {
                kept = there.determinism();
            }
            OperationSupport here = source.support(command.operation());
            if (here != null && !there.determinism().isAtLeast(here.determinism())) {
                losses.add(command.operation() + " is " + here.determinism() + " on " + source.name() + " and "
                        + there.determinism() + " on " + target.name());
            }
        }

        double share() {
            return items == 0 ? 0 : (double) repeated / items;
        }
    }
}
