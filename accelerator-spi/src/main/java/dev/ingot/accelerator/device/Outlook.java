package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.state.Equipment;
import dev.ingot.accelerator.state.ImageDevice;
import dev.ingot.accelerator.state.ImageDevices;
import dev.ingot.accelerator.state.RestorePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an image would go on with the devices of a machine, found out from descriptions alone: the same devices are chosen as by a resume
 * there.
 *
 * @param isPossible whether all devices of the image can
 * @param recomputedNanos how long what is computed a second time took, in nanoseconds; as far as that was measured
 * @param reason why it is not possible; empty if it is
 */
public record Outlook(boolean isPossible, long recomputedNanos, String reason) {
    /** Stands for the build of what is part of a program's own JVM. */
    private static final String BUILD_OF_JVM = "";

    /**
     * Plans without touching a device: depends on nothing but its arguments.
     *
     * @param image the devices of the image, as {@link ImageDevices#text} gives them
     * @param equipment that of the machine, as {@link Equipment#text} gives it
     * @param environment of the program
     * @return null if nothing can be said, because the program looks for devices that nobody has looked for on the machine
     * @throws IllegalArgumentException if a description is none, or the environment names a promise that there is not
     */
    public static @Nullable Outlook of(String image, String equipment, Map<String, String> environment) {
        return of(image, equipment, environment, Map.of());
    }

    /**
     * The same with accelerators that the resume is told to replace, be they there or not.
     *
     * @param replacements by which device another one is replaced; either is a device's name, a provider's or a kind, the replaced one also a
     *     role
     */
    public static @Nullable Outlook of(
            String image, String equipment, Map<String, String> environment, Map<String, String> replacements) {
        ImageDevices devices = ImageDevices.parse(image);
        Equipment machine = Equipment.parse(equipment);
        if (!machine.providers().containsAll(devices.providers())) {
            return null;
        }
        List<DeviceDescriptor> there = machine.devices().stream()
                .filter(device -> devices.providers().contains(device.provider()))
                .toList();
        String consent = environment.getOrDefault(OpenDevices.CONSENT_VARIABLE, "");
        Determinism weakest = consent.isEmpty() ? null : Determinism.named(consent);
        String instead = environment.getOrDefault(OpenDevices.INSTEAD_VARIABLE, "");
        long nanos = 0;
        Spread spread = new Spread();
        List<String> wanted = new ArrayList<>();
        for (ImageDevice device : devices.devices()) {
            DeviceDescriptor before = device.state().takenOn();
            String name = Names.wanted(before, device.role(), replacements, instead, there);
            wanted.add(name);
            spread.reserve(Names.named(there, name), before);
        }
        for (int i = 0; i < wanted.size(); i++) {
            Outlook outlook = of(devices.devices().get(i), wanted.get(i), there, weakest, spread);
            if (!outlook.isPossible()) {
                return outlook;
            }
            nanos += outlook.recomputedNanos();
        }
        return new Outlook(true, nanos, "");
    }

    private static Outlook of(
            ImageDevice device,
            String wanted,
            List<DeviceDescriptor> there,
            @Nullable Determinism consent,
            Spread spread) {
        DeviceDescriptor before = device.state().takenOn();
        Determinism accepted = Relocation.weaker(device.accepted(), consent);
        List<String> reasons = new ArrayList<>();
        for (DeviceDescriptor candidate : spread.inOrder(Names.named(there, wanted), before)) {
            RestorePlan plan = RestorePlan.of(device.state(), inJvmOf(before, candidate));
            if (plan.isPossible() && plan.isAccepted(accepted)) {
                spread.choose(candidate, before);
                return new Outlook(true, plan.recomputedNanos(), "");
            }
            reasons.add(plan.isPossible() ? Relocation.unaccepted(plan) : String.join("; ", plan.reasons()));
        }
        String reason = reasons.isEmpty() ? "there is no device " + wanted : String.join("; ", reasons);
        return new Outlook(false, 0, "what was on device " + before.name() + " cannot go on: " + reason);
    }

    /** A device that is part of whatever JVM asks for it. */
    static DeviceDescriptor ofSomeJvm(DeviceDescriptor device) {
        return with(device, BUILD_OF_JVM, Long.MAX_VALUE);
    }

    /** The program that is resumed brings its JVM along. */
    private static DeviceDescriptor inJvmOf(DeviceDescriptor before, DeviceDescriptor candidate) {
        return candidate.build().equals(BUILD_OF_JVM) && candidate.provider().equals(before.provider())
                ? with(candidate, before.build(), candidate.memoryBytes())
                : candidate;
    }

    private static DeviceDescriptor with(DeviceDescriptor device, String build, long memoryBytes) {
        return new DeviceDescriptor(
                device.provider(),
                device.id(),
                device.kind(),
                device.model(),
                build,
                memoryBytes,
                device.attributes(),
                device.operations(),
                device.formats());
    }
}
