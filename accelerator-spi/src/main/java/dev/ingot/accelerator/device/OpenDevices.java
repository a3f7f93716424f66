package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.state.CommandState;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.ImageDevice;
import dev.ingot.accelerator.state.ImageDevices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All open devices of this copy of the interface, for the agent, which calls this by name: it sees the types of the JDK alone.
 *
 * <p>Before a program's threads are stopped its devices are frozen: from then on whoever needs a device waits. A resumed JVM gives
 * each device a backend before any thread runs, and lets it go on when all of them do. Thread-safe.
 */
final class OpenDevices {
    /** By this a job consents once for all its resumes. */
    static final String CONSENT_VARIABLE = "INGOT_DEVICE_DETERMINISM";

    /** What a job names for where a device is missing that it had, as in {@code gpu=cpu;cuda=opencl}. */
    static final String INSTEAD_VARIABLE = "INGOT_DEVICE_INSTEAD";

    private static final List<Device> OPEN = new ArrayList<>();

    /** Whether a checkpoint holds all that is open, and what is opened meanwhile. Guarded by {@link #OPEN}. */
    private static boolean isHeld;

    /** How many moves of the program are under way, also of devices that were closed meanwhile. Guarded by {@link #OPEN}. */
    private static int moves;

    /** The providers that the program finds; null as long as it has not looked. */
    private static volatile @Nullable Set<String> providers;

    private OpenDevices() {}

    /** The program has looked for devices. */
    static void found(Set<String> names) {
        providers = Set.copyOf(names);
    }

    /**
     * Adds a device that was just opened. While a checkpoint is taken it stands still like the others: the threads of the program are not
     * stopped yet, and an image may have no device that no resume gives a backend.
     */
    static void add(Device device) {
        synchronized (OPEN) {
            if (isHeld) {
                // Before it is among the others, so that an image has none of them running wherever this thread is
                // captured.
                device.beginFrozen();
            }
            OPEN.add(device);
        }
    }

    static void remove(Device device) {
        synchronized (OPEN) {
            OPEN.remove(device);
        }
    }

    private static List<Device> open() {
        synchronized (OPEN) {
            return new ArrayList<>(OPEN);
        }
    }

    /** All that are open; what is opened later stands still until {@link #thaw}. */
    private static List<Device> hold() {
        synchronized (OPEN) {
            isHeld = true;
            return new ArrayList<>(OPEN);
        }
    }

    /**
     * Begins a move, which has what no image may have until {@link #endMove}. No checkpoint that does not wait for the device itself may be under
     * way, so one that is gone goes nowhere.
     *
     * @throws DeviceFault if the device is lost
     * @throws IllegalStateException if it was closed
     */
    static void beginMove(Device device) throws DeviceFault {
        synchronized (OPEN) {
            device.requireAlive();
            moves++;
        }
    }

    static void endMove() {
        synchronized (OPEN) {
            moves--;
            OPEN.notifyAll();
        }
    }

    /** Waits for moves of devices that were lost or closed meanwhile, and so not waited for. */
    private static void awaitMoves(long deadlineNanos) throws DeviceFault, InterruptedException {
        long begin = System.nanoTime();
        synchronized (OPEN) {
            while (moves > 0) {
                if (System.nanoTime() - begin >= deadlineNanos) {
                    throw new DeviceFault(
                            DeviceFault.Code.HANG,
                            DeviceFault.Scope.COMMAND,
                            true,
                            "the program was still moving a device that was lost or closed meanwhile; if that is not too long for it, raise"
                                    + " the deadline",
                            Map.of(),
                            null);
                }
                OPEN.wait(Custody.PATIENCE_MILLIS);
            }
        }
    }

    static boolean hasAny() {
        synchronized (OPEN) {
            return !OPEN.isEmpty();
        }
    }

    /** See {@link Device#loseIfHanging}. */
    static void loseThoseThatHang(long now, long stoodNanos) {
        open().forEach(device -> device.loseIfHanging(now, stoodNanos));
    }

    /**
     * Freezes all devices, or none, and those that are opened until {@link #thaw}. None stands still while content of another one is
     * copied that can be copied before. One that the program itself has frozen, to move or to capture it, is waited for.
     *
     * @param deadlineNanos how long all of them may take to come to safe points
     * @throws IllegalStateException if one cannot be frozen; the message names it
     */
    static void freeze(long deadlineNanos) {
        try {
            for (Device device : open()) {
                device.precopy();
            }
            long begin = System.nanoTime();
            for (Device device : hold()) {
                long left = Math.max(0, deadlineNanos - (System.nanoTime() - begin));
                device.freeze(Custody.Freezer.CHECKPOINT, Duration.ofNanos(left));
            }
            awaitMoves(deadlineNanos - (System.nanoTime() - begin));
        } catch (DeviceFault failed) {
            thaw();
            throw new IllegalStateException("cannot capture the devices: " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            thaw();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the devices were captured", interrupted);
        }
    }

    /**
     * What each device holds that is frozen, for people, by its role and name. Complete once the program's threads are stopped, which open devices
     * until then.
     *
     * @throws IllegalStateException if one is not frozen: this copy of the interface was loaded after all that there were then had been frozen
     */
    static Map<String, String> held() {
        Map<String, String> held = new LinkedHashMap<>();
        for (Device device : open()) {
            if (device.isMissed()) {
                throw new IllegalStateException(
                        device.descriptor().name() + " was opened as the checkpoint began; take another one");
            }
            if (device.isFrozen()) {
                held.merge(label(device), summary(device.state()), (one, other) -> one + "; " + other);
            }
        }
        return held;
    }

    /**
     * All that are frozen, as {@link #held}, for who plans where an image could go on.
     *
     * @return as {@link ImageDevices#parse} reads it; empty if there are none, or the program did not find them as a resume does
     */
    static String describe() {
        Set<String> known = providers;
        List<ImageDevice> frozen = new ArrayList<>();
        for (Device device : open()) {
            if (device.isFrozen()) {
                frozen.add(new ImageDevice(device.role(), device.accepted(), device.state()));
            }
        }
        return frozen.isEmpty() || known == null ? "" : new ImageDevices(known, frozen).text();
    }

    private static String label(Device device) {
        String name = device.descriptor().name();
        return device.role() == null ? name : device.role() + " on " + name;
    }

    private static String summary(DeviceState state) {
        StringBuilder text = new StringBuilder(state.takenOn().kind() + " "
                + state.takenOn().model() + ", " + state.buffers().size() + " buffers of " + state.bytes() + " bytes");
        for (CommandState command : state.commands()) {
            text.append(", ")
                    .append(command.operation())
                    .append(" at ")
                    .append(command.done())
                    .append(" of ")
                    .append(command.items());
            Registers registers = command.registers();
            if (registers != null) {
                text.append(" in a step of ").append(registers.design());
                NativeImage image = registers.nativeImage();
                if (image != null) {
                    text.append(registers.isNamed() ? ", by name and natively with " : ", natively with ")
                            .append(image);
                }
            }
        }
        return text.toString();
    }

    /** Lets all devices go on that {@link #freeze} has frozen, or that were opened since. */
    static void thaw() {
        List<Device> all;
        synchronized (OPEN) {
            isHeld = false;
            all = new ArrayList<>(OPEN);
        }
        all.forEach(device -> device.thaw(Custody.Freezer.CHECKPOINT));
    }

    /**
     * Gives every frozen device of an image a backend in this JVM.
     *
     * @param replacements by which device another one is replaced; either is a device's name, a provider's or a kind, the replaced one
     *     also a role
     * @param consent the weakest promise about results that may be left of a stronger one, as {@link Determinism#named} reads it; empty
     *     for what the environment says, or none
     * @throws IllegalStateException if there is none for one of them; the message names it and what there is
     */
    static void rebind(Map<String, String> replacements, String consent) {
        Determinism weakest = consent(consent);
        List<Device> frozen = open().stream().filter(Device::isFrozen).toList();
        if (!frozen.isEmpty()) {
            Set<String> names = frozen.stream()
                    .map(device -> Names.wanted(device.descriptor(), device.role(), replacements))
                    .collect(Collectors.toSet());
            rebind(frozen, Accelerators.find(names), replacements, weakest);
        }
    }

    /** All devices are planned and verified before one is opened, and all are filled before one is used: they go on together or not at all. */
    static void rebind(
            List<Device> frozen,
            Accelerators accelerators,
            Map<String, String> replacements,
            @Nullable Determinism consent) {
        List<Ways> all = new ArrayList<>();
        Spread spread = new Spread();
        for (Device device : frozen) {
            all.add(new Ways(device, accelerators, replacements));
        }
        all.forEach(ways -> spread.reserve(ways.candidates, ways.before));
        all.forEach(ways -> ways.plan(consent, spread));
        List<Move> prepared = new ArrayList<>();
        boolean complete = false;
        try {
            for (Ways ways : all) {
                prepared.add(ways.prepare());
            }
            while (!prepared.isEmpty()) {
                finish(prepared.get(0));
                prepared.remove(0);
            }
            complete = true;
        } finally {
            if (!complete) {
                prepared.forEach(Move::abandon);
            }
        }
    }

    private static void finish(Move move) {
        try {
            move.finish();
        } catch (DeviceFault failed) {
            throw new IllegalStateException("cannot resume what was on the devices: " + failed.getMessage(), failed);
        }
    }

    /** Where a device of an image can go on, the best first. */
    private static final class Ways {
        private final Device device;
        private final Accelerators accelerators;
        private final String wanted;
        private final DeviceDescriptor before;
        private final List<DeviceDescriptor> candidates;
        private final List<Move> moves = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        Ways(Device device, Accelerators accelerators, Map<String, String> replacements) {
            this.device = device;
            this.accelerators = accelerators;
            String instead = System.getenv().getOrDefault(INSTEAD_VARIABLE, "");
            this.wanted =
                    Names.wanted(device.descriptor(), device.role(), replacements, instead, accelerators.devices());
            this.before = device.descriptor();
            this.candidates = accelerators.named(wanted);
        }

        /** Finds the ways, and says which is taken. */
        void plan(@Nullable Determinism consent, Spread spread) {
            for (DeviceDescriptor candidate : spread.inOrder(candidates, before)) {
                try {
                    moves.add(new Move(device, candidate, accelerators, consent));
                } catch (DeviceFault failed) {
                    failures.add(failed.getMessage());
                }
            }
            if (moves.isEmpty()) {
                throw refused();
            }
            spread.choose(moves.get(0).target(), before);
        }

        /** The first way that a device can be opened and filled for. */
        Move prepare() {
            for (Move move : moves) {
                boolean complete = false;
                try {
                    move.prepare();
                    complete = true;
                    return move;
                } catch (DeviceFault failed) {
                    failures.add(failed.getMessage());
                } finally {
                    if (!complete) {
                        move.abandon();
                    }
                }
            }
            throw refused();
        }

        private IllegalStateException refused() {
            return new IllegalStateException(refusal(device.descriptor(), wanted, accelerators.complete(), failures));
        }
    }

    private static @Nullable Determinism consent(String option) {
        String text = option.isEmpty() ? System.getenv().getOrDefault(CONSENT_VARIABLE, "") : option;
        try {
            return text.isEmpty() ? null : Determinism.named(text);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalStateException("cannot resume what was on the devices: " + unknown.getMessage(), unknown);
        }
    }

    private static String refusal(
            DeviceDescriptor before, String wanted, Accelerators accelerators, List<String> failures) {
        String reason = failures.isEmpty() ? "there is no device " + wanted + " here" : String.join("; ", failures);
        return "cannot resume what was on device " + before + ": " + reason + "; here are " + accelerators.devices()
                + (accelerators.diagnostics().isEmpty()
                        ? ""
                        : " (" + String.join("; ", accelerators.diagnostics()) + ")")
                + "; name another one with the option devices=" + before.provider() + "=…";
    }
}
