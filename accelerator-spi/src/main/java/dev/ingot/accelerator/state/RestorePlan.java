package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether and how a state can go on on a device.
 *
 * @param mode the way
 * @param recomputed share of the pending kernels' items that is computed a second time at most, from 0 to 1
 * @param kept the weakest promise among the pending kernels on the target
 * @param reasons why it is impossible, or what is lost
 */
public record RestorePlan(Mode mode, double recomputed, Determinism kept, List<String> reasons) {

    /** How a state reaches a device. */
    public enum Mode {
        /** By contents, cursors and the registers of a step in its middle; a device of the same design. */
        NAMED,
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
                ? new RestorePlan(cost.mode, cost.share(), cost.kept, cost.losses)
                : new RestorePlan(Mode.IMPOSSIBLE, 0, Determinism.NONE, obstacles);
    }

    private static final class Cost {
        private Determinism kept = Determinism.BITWISE_ANY_KIND;
        private Mode mode = Mode.PORTABLE;
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
            if (command.registers() != null && there.takes(command.registers())) {
                mode = Mode.NAMED;
            } else {
                repeat(command, there.grain(), target, obstacles);
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

        private void repeat(CommandState command, long grain, DeviceDescriptor target, List<String> obstacles) {
            Registers registers = command.registers();
            long again = command.done() % grain;
            if (command.done() < command.items()) {
                repeated += again;
            }
            if (again > 0 && !command.operation().restartable()) {
                obstacles.add(command.operation() + " stands at item " + command.done() + ", which is no multiple of "
                        + target.name() + "'s grain of " + grain + ", and cannot be repeated");
            }
            if (registers == null) {
                return;
            }
            String step = command.operation() + " stands within items " + registers.first() + " to " + registers.end()
                    + ", and " + target.name() + " is not of design " + registers.design();
            if (command.operation().restartable()) {
                repeated += registers.end() - registers.first();
                losses.add(step + ": they are computed again");
            } else {
                obstacles.add(step + ", and they cannot be repeated");
            }
        }

        double share() {
            return items == 0 ? 0 : (double) repeated / items;
        }
    }
}
