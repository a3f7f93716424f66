package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a state can go on on a device.
 *
 * @param mode the way
 * @param recomputed share of the pending kernels' items that is computed a second time at most, from 0 to 1
 * @param kept the weakest promise about results that holds from the beginning to the end, across the move
 * @param lowered the weakest promise that an operation is left with which had a stronger one before; null if none is lowered. Nothing is
 *     lowered without the job's consent
 * @param reasons why it is impossible, or what is lost
 */
public record RestorePlan(
        Mode mode,
        double recomputed,
        Determinism kept,
        @Nullable Determinism lowered,
        List<String> reasons) {

    /** How a state reaches a device. */
    public enum Mode {
        /** By the driver's own means, with all that the process has on the device; one of the same build, while that process lives. */
        NATIVE,
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
     * Whether the way needs no more consent than was given.
     *
     * @param accepted the weakest promise that the job accepts where it had a stronger one; null if it accepts none
     */
    public boolean isAccepted(@Nullable Determinism accepted) {
        return lowered == null || (accepted != null && lowered.isAtLeast(accepted));
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
        Cost cost = new Cost(target);
        for (CommandState command : state.commands()) {
            cost.add(command, obstacles);
        }
        Promises promises = new Promises(state.takenOn(), target);
        Map<String, Operation> operations = new LinkedHashMap<>();
        state.used().forEach(operation -> operations.put(operation.identity(), operation));
        state.commands().forEach(command -> operations.put(command.operation().identity(), command.operation()));
        operations.values().forEach(promises::add);
        if (!obstacles.isEmpty()) {
            return new RestorePlan(Mode.IMPOSSIBLE, 0, Determinism.NONE, null, obstacles);
        }
        List<String> losses = new ArrayList<>(cost.losses);
        losses.addAll(promises.losses);
        return new RestorePlan(mode(state, target, cost), cost.share(), promises.kept, promises.lowered, losses);
    }

    private static Mode mode(DeviceState state, DeviceDescriptor target, Cost cost) {
        String build = state.nativeBuild();
        if (cost.isNamed) {
            // A step in its middle is on no device any more, but in its registers.
            return Mode.NAMED;
        }
        return build != null
                        && build.equals(target.nativeBuild())
                        && target.provider().equals(state.takenOn().provider())
                ? Mode.NATIVE
                : Mode.PORTABLE;
    }

    /** What is promised about results, here and there and of what begins here and ends there. */
    private static final class Promises {
        private final DeviceDescriptor source;
        private final DeviceDescriptor target;
        private final List<String> losses = new ArrayList<>();
        private Determinism kept = Determinism.BITWISE_ANY_KIND;
        private @Nullable Determinism lowered;

        Promises(DeviceDescriptor source, DeviceDescriptor target) {
            this.source = source;
            this.target = target;
        }

        /** What the target does not have it promises nothing about; if the program asks for it again, it is refused then. */
        void add(Operation operation) {
            OperationSupport here = source.support(operation);
            OperationSupport there = target.support(operation);
            if (here == null || there == null) {
                return;
            }
            Determinism across = across(here.determinism(), there.determinism());
            kept = weaker(kept, across);
            if (!across.isAtLeast(here.determinism())) {
                lowered = lowered == null ? across : weaker(lowered, across);
                losses.add(operation + " is " + here.determinism() + " on " + source.name() + ", " + there.determinism()
                        + " on " + target.name() + " and " + across + " across both");
            }
        }

        private Determinism across(Determinism here, Determinism there) {
            Determinism weaker = weaker(here, there);
            boolean isSame = switch (weaker) {
                case BITWISE_ANY_KIND -> true;
                case BITWISE_SAME_KIND -> source.kind() == target.kind();
                case BITWISE_SAME_BUILD -> isSameBuild();
                case TOLERANCE, NONE -> false;
            };
            if (isSame) {
                return weaker;
            }
            return weaker == Determinism.BITWISE_SAME_KIND && isSameBuild()
                    ? Determinism.BITWISE_SAME_BUILD
                    : weaker(weaker, Determinism.TOLERANCE);
        }

        private boolean isSameBuild() {
            return source.provider().equals(target.provider()) && source.build().equals(target.build());
        }

        private static Determinism weaker(Determinism one, Determinism other) {
            return one.isAtLeast(other) ? other : one;
        }
    }

    private static final class Cost {
        private final DeviceDescriptor target;
        private final List<String> losses = new ArrayList<>();
        private boolean isNamed;
        private long items;
        private long repeated;

        Cost(DeviceDescriptor target) {
            this.target = target;
        }

        void add(CommandState command, List<String> obstacles) {
            OperationSupport there = target.support(command.operation());
            if (there == null) {
                obstacles.add(target.name() + " does not have " + command.operation());
                return;
            }
            items += command.items();
            if (command.registers() != null && there.takes(command.registers())) {
                isNamed = true;
            } else {
                repeat(command, there.grain(), obstacles);
            }
        }

        private void repeat(CommandState command, long grain, List<String> obstacles) {
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
