package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.state.BufferState;
import dev.ingot.accelerator.state.Chunk;
import dev.ingot.accelerator.state.CommandState;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a frozen device gets another backend: everything is verified first, then the new one is opened and filled. */
final class Relocation {

    private Relocation() {}

    /**
     * Plans, and verifies what was saved, without touching the target.
     *
     * @param consent the weakest promise that may be left of a stronger one; null if none may be weakened
     * @throws DeviceFault {@code STATE_REJECTED} if there is no way, or not with this consent; {@code SILENT_CORRUPTION} if what was saved
     *     is damaged
     */
    static RestorePlan plan(DeviceState frozen, DeviceDescriptor target, @Nullable Determinism consent)
            throws DeviceFault {
        RestorePlan plan = RestorePlan.of(frozen, target);
        if (!plan.isPossible()) {
            throw rejected(frozen, target, String.join("; ", plan.reasons()));
        }
        if (!plan.isAccepted(consent)) {
            throw rejected(frozen, target, unaccepted(plan));
        }
        for (BufferState buffer : frozen.buffers()) {
            for (Chunk chunk : buffer.chunks()) {
                if (!chunk.isIntact()) {
                    throw refused(
                            DeviceFault.Code.SILENT_CORRUPTION,
                            frozen,
                            target,
                            "the content of buffer " + buffer.name() + " is damaged");
                }
            }
        }
        for (CommandState command : frozen.commands()) {
            verify(command, frozen, target);
        }
        return plan;
    }

    private static void verify(CommandState command, DeviceState frozen, DeviceDescriptor target) throws DeviceFault {
        Registers registers = command.registers();
        if (registers == null) {
            return;
        }
        if (registers.first() != command.done() || registers.end() > command.items()) {
            throw rejected(
                    frozen,
                    target,
                    command.operation() + " at " + command.done() + " of " + command.items() + " is in no step from "
                            + registers.first() + " to " + registers.end());
        }
        NativeImage image = registers.nativeImage();
        if (image != null && target.takesNatively(registers) && !image.isIntact()) {
            throw rejected(
                    frozen,
                    target,
                    "the native state of " + command.operation()
                            + " is damaged; a device of another build or kind computes" + " the step again");
        }
    }

    /** Why a plan that is possible needs more consent than was given. */
    static String unaccepted(RestorePlan plan) {
        Determinism lowered = Objects.requireNonNull(plan.lowered());
        return String.join("; ", plan.reasons())
                + ", to which the job has not consented; that is Device.accept, or the option determinism="
                + lowered.text();
    }

    /** The weaker of what the program accepts and what whoever resumes it does. */
    static @Nullable Determinism weaker(@Nullable Determinism accepted, @Nullable Determinism consent) {
        return accepted == null || (consent != null && accepted.isAtLeast(consent)) ? consent : accepted;
    }

    /** The plan for a state that was to go on natively and could not. */
    static RestorePlan byContents(RestorePlan plan, DeviceFault failed) {
        List<String> reasons = new ArrayList<>(plan.reasons());
        reasons.add("not natively: " + failed.getMessage());
        return new RestorePlan(
                RestorePlan.Mode.PORTABLE,
                plan.recomputed(),
                plan.recomputedNanos(),
                plan.kept(),
                plan.lowered(),
                reasons);
    }

    /** Memory of {@code next} with what was saved of the buffers. If that fails, {@code next} is closed. */
    static Map<DeviceBuffer, DeviceMemory> fill(Backend next, List<DeviceBuffer> buffers) throws DeviceFault {
        Map<DeviceBuffer, DeviceMemory> memories = new LinkedHashMap<>();
        boolean complete = false;
        try {
            for (DeviceBuffer buffer : buffers) {
                DeviceMemory memory = next.allocate(buffer.bytes());
                memories.put(buffer, memory);
                buffer.copyTo(memory);
            }
            complete = true;
        } finally {
            if (!complete) {
                next.close();
            }
        }
        return memories;
    }

    private static DeviceFault rejected(DeviceState frozen, DeviceDescriptor target, String reason) {
        return refused(DeviceFault.Code.STATE_REJECTED, frozen, target, reason);
    }

    private static DeviceFault refused(
            DeviceFault.Code code, DeviceState frozen, DeviceDescriptor target, String reason) {
        return new DeviceFault(
                code,
                DeviceFault.Scope.COMMAND,
                "the state of " + frozen.takenOn().name() + " cannot go on on " + target + ": " + reason);
    }
}
