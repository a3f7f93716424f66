package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.state.BufferState;
import dev.ingot.accelerator.state.Chunk;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a frozen device gets another backend: everything is verified first, then the new one is opened and filled. */
final class Relocation {

    private Relocation() {}

    /**
     * Plans, and verifies what was saved, without touching the target.
     *
     * @throws DeviceFault {@code STATE_REJECTED} if there is no way
     */
    static RestorePlan plan(DeviceState frozen, DeviceDescriptor target) throws DeviceFault {
        RestorePlan plan = RestorePlan.of(frozen, target);
        if (!plan.isPossible()) {
            throw rejected(frozen, target, String.join("; ", plan.reasons()));
        }
        for (BufferState buffer : frozen.buffers()) {
            for (Chunk chunk : buffer.chunks()) {
                if (!chunk.isIntact()) {
                    throw rejected(frozen, target, "the content of buffer " + buffer.name() + " is damaged");
                }
            }
        }
        return plan;
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
        return new DeviceFault(
                DeviceFault.Code.STATE_REJECTED,
                DeviceFault.Scope.COMMAND,
                "the state of " + frozen.takenOn().name() + " cannot go on on " + target + ": " + reason);
    }
}
