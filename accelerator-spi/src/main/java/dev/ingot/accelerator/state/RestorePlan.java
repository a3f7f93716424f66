package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeImage;
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
 * @param recomputedNanos how long that takes where it takes as long as on the device that the state is of; 0 as far as that was not
 *     measured
 * @param kept the weakest promise about results that holds from the beginning to the end, across the move
 * @param lowered the weakest promise that an operation is left with which had a stronger one before; null if none is lowered. Nothing is
 *     lowered without the job's consent
 * @param reasons why it is impossible, or what is lost, or why a step does not go on natively that could elsewhere
 */
public record RestorePlan(
        Mode mode,
        double recomputed,
        long recomputedNanos,
        Determinism kept,
        @Nullable Determinism lowered,
        List<String> reasons) {

    /** How a state reaches a device. */
    public enum Mode {
        /**
         * On a device of the same build: by native images of the steps in their middle, or, between two steps and while the process that
         * drives the device lives, by the driver's own means with all that the process has on it.
         */
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
            return new RestorePlan(Mode.IMPOSSIBLE, 0, 0, Determinism.NONE, null, obstacles);
        }
        List<String> losses = new ArrayList<>(cost.losses);
        losses.addAll(promises.losses);
        return new RestorePlan(
                mode(state, target, cost), cost.share(), (long) cost.nanos, promises.kept, promises.lowered, losses);
    }

    private static Mode mode(DeviceState state, DeviceDescriptor target, Cost cost) {
        if (cost.natives > 0 && cost.others == 0) {
            return Mode.NATIVE;
        }
        if (cost.natives + cost.named > 0) {
            return Mode.NAMED;
        }
        return state.isMovableByDriver(target) ? Mode.NATIVE : Mode.PORTABLE;
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
                losses.add(operation + " is " + here.promise() + " on " + source.name() + ", " + there.promise()
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
        /** Steps in their middle that go on from a native image. */
        private int natives;
        /** Those that go on from the names of registers. */
        private int named;
        /** Those that do not go on from a native image. */
        private int others;

        private long items;
        private long repeated;
        private double nanos;

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
            Registers registers = command.registers();
            if (registers != null && target.takesNatively(registers)) {
                natives++;
                return;
            }
            others += registers == null ? 0 : 1;
            if (registers != null && there.takes(registers)) {
                named++;
                tellWhyNotNatively(command, registers);
            } else {
                repeat(command, there.grain(), obstacles);
            }
        }

        private void tellWhyNotNatively(CommandState command, Registers registers) {
            NativeImage image = registers.nativeImage();
            if (image != null) {
                losses.add(place(command, registers) + " and goes on by the names of its registers: " + target.name()
                        + " " + whyNot(image));
            }
        }

        private void repeat(CommandState command, long grain, List<String> obstacles) {
            Registers registers = command.registers();
            long again = command.done() % grain;
            if (command.done() < command.items()) {
                repeat(command, again);
            }
            if (again > 0 && !command.operation().restartable()) {
                obstacles.add(command.operation() + " stands at item " + command.done() + ", which is no multiple of "
                        + target.name() + "'s grain of " + grain + ", and cannot be repeated");
            }
            if (registers == null) {
                return;
            }
            String step = place(command, registers) + ", and " + target.name() + " " + whyNot(registers);
            if (command.operation().restartable()) {
                repeat(command, registers.end() - registers.first());
                losses.add(step + ": they are computed again");
            } else {
                obstacles.add(step + ", and they cannot be repeated");
            }
        }

        private static String place(CommandState command, Registers registers) {
            return command.operation() + " stands within items " + registers.first() + " to " + registers.end();
        }

        private String whyNot(Registers registers) {
            List<String> reasons = new ArrayList<>();
            NativeImage image = registers.nativeImage();
            if (registers.isNamed() || image == null) {
                reasons.add("is not of design " + registers.design());
            }
            if (image != null) {
                reasons.add(whyNot(image));
            }
            return String.join(" and ", reasons);
        }

        private String whyNot(NativeImage image) {
            String build = target.nativeImageBuild();
            return build == null
                    ? "takes no native state"
                    : "is of build " + build + ", not " + image.build() + " as the native state is";
        }

        private void repeat(CommandState command, long more) {
            repeated += more;
            nanos += more * command.nanosPerItem();
        }

        double share() {
            return items == 0 ? 0 : (double) repeated / items;
        }
    }
}
