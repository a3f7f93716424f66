package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.share.Turns;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A frozen device on its way to another backend: planned and verified when this is made, then prepared, then finished. Until it is finished
 * the device is what it was, and the way can be abandoned, so that several devices go together or not at all. Used by one thread.
 */
final class Move {
    private final Device device;
    private final DeviceDescriptor target;
    private final Accelerators accelerators;
    private final boolean isByDriver;
    private RestorePlan plan;

    /** What the target computes by; that of the device where it stays. */
    private @Nullable Turns turns;

    private @Nullable Backend backend;
    private Map<DeviceBuffer, DeviceMemory> memories = Map.of();

    /**
     * Plans, and verifies what was saved, without touching the target.
     *
     * @param consent a promise that may be left of a stronger one, beside what the program accepts; null for none
     * @throws DeviceFault {@code STATE_REJECTED} if there is no way, or not with this consent; {@code SILENT_CORRUPTION} if what was saved
     *     is damaged
     */
    Move(Device device, DeviceDescriptor target, Accelerators accelerators, @Nullable Determinism consent)
            throws DeviceFault {
        this.device = device;
        this.target = target;
        this.accelerators = accelerators;
        DeviceState frozen = device.state();
        this.plan = Relocation.plan(frozen, target, Relocation.weaker(device.accepted(), consent));
        this.isByDriver = frozen.isMovableByDriver(target);
    }

    DeviceDescriptor target() {
        return target;
    }

    /**
     * Opens the target and fills it, unless the driver is to do that.
     *
     * @throws DeviceFault if that fails; then this is to be abandoned
     */
    void prepare() throws DeviceFault {
        Turns present = device.turns();
        if (present != null && target.name().equals(device.descriptor().name())) {
            turns = present;
        } else {
            turns = accelerators.turns(target);
            for (DeviceBuffer buffer : device.presentBuffers()) {
                turns.reserve(buffer.bytes());
            }
        }
        if (!isByDriver) {
            fill();
        }
    }

    private void fill() throws DeviceFault {
        Backend opened = accelerators.openBackend(target);
        List<DeviceBuffer> buffers = device.presentBuffers();
        memories = Relocation.fill(opened, buffers);
        backend = opened;
    }

    /**
     * Has the device go on there, once it is thawed.
     *
     * @return how it was done: by the driver where that is possible and succeeds, or else by contents
     * @throws DeviceFault if the driver could not and the target cannot be filled either, or the device was lost; then this is to be
     *     abandoned
     * @throws IllegalStateException if the device was closed; then this is to be abandoned
     */
    RestorePlan finish() throws DeviceFault {
        Turns before = device.turns();
        Turns ofTarget = Objects.requireNonNull(turns);
        if (!isByDriver || !isDoneByDriver(ofTarget)) {
            if (isByDriver) {
                fill();
            }
            device.moveByContents(target, ofTarget, Objects.requireNonNull(backend), memories);
        }
        if (before != null && before != ofTarget) {
            before.close();
        }
        return plan;
    }

    private boolean isDoneByDriver(Turns ofTarget) {
        try {
            device.moveByDriver(target, ofTarget);
            return true;
        } catch (DeviceFault failed) {
            plan = Relocation.byContents(plan, failed);
            return false;
        }
    }

    /** Gives back what was prepared; the device is where it was. */
    void abandon() {
        if (backend != null) {
            backend.close();
        }
        if (turns != null && turns != device.turns()) {
            turns.close();
        }
    }
}
