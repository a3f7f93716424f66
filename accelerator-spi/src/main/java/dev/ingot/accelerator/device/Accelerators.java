package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.host.HostedProvider;
import dev.ingot.accelerator.share.Share;
import dev.ingot.accelerator.share.Turns;
import dev.ingot.accelerator.state.Equipment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The devices of this machine, as the providers on the class path find them. Which one computes is always the caller's choice: no
 * device stands in for another one unasked. Immutable; thread-safe.
 */
public final class Accelerators {
    private final Map<String, AcceleratorProvider> providers;
    private final List<DeviceDescriptor> devices;
    private final List<String> diagnostics;
    /** Whether all providers were asked what they have. */
    private final boolean isComplete;

    private final @Nullable Share share;

    private Accelerators(
            Map<String, AcceleratorProvider> providers,
            List<DeviceDescriptor> devices,
            List<String> diagnostics,
            boolean isComplete,
            @Nullable Share share) {
        this.providers = providers;
        this.devices = List.copyOf(devices);
        this.diagnostics = List.copyOf(diagnostics);
        this.isComplete = isComplete;
        this.share = share;
    }

    /**
     * Asks the providers that the class loader of this interface finds. What is wrong with one does not hide the others. The devices are
     * shared if the environment says so, see {@link Share#VARIABLE}.
     *
     * @throws IllegalArgumentException if the environment has a share that makes no sense
     */
    public static Accelerators find() {
        return find(null);
    }

    /**
     * As {@link #find()}, but only the providers of these devices are asked what they have, unless one of the names is neither a device's own nor
     * a provider's: to ask one may take a process and the start of a driver.
     *
     * @param names null for all there is
     */
    static Accelerators find(@Nullable Set<String> names) {
        List<AcceleratorProvider> found = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        var services = ServiceLoader.load(AcceleratorProvider.class, Accelerators.class.getClassLoader()).stream()
                .toList();
        for (var service : services) {
            try {
                found.add(service.get());
            } catch (ServiceConfigurationError | LinkageError broken) {
                problems.add("cannot use provider " + service.type().getName() + ": " + broken);
            }
        }
        Accelerators accelerators = of(found, problems, names).with(Share.ofEnvironment());
        OpenDevices.found(accelerators.providers.keySet());
        return accelerators;
    }

    /** Asks these providers and no others. */
    public static Accelerators of(List<AcceleratorProvider> providers) {
        return of(providers, new ArrayList<>(), null);
    }

    /** Asks the providers of devices of these names, and all if that does not bring them; null for all there is. */
    static Accelerators of(List<AcceleratorProvider> candidates, List<String> problems, @Nullable Set<String> names) {
        Map<String, AcceleratorProvider> providers = new LinkedHashMap<>();
        for (AcceleratorProvider candidate : candidates) {
            if (candidate.majorVersion() != AcceleratorProvider.MAJOR_VERSION) {
                problems.add("provider " + candidate.name() + " was written for version " + candidate.majorVersion()
                        + " of the interface, this is " + AcceleratorProvider.MAJOR_VERSION);
                continue;
            }
            AcceleratorProvider provider =
                    candidate.isolation() == Isolation.DEVICE_HOST ? new HostedProvider(candidate) : candidate;
            if (providers.putIfAbsent(provider.name(), provider) != null) {
                problems.add("there is another provider named " + provider.name() + " than "
                        + candidate.getClass().getName());
            }
        }
        Map<String, List<DeviceDescriptor>> devices = new LinkedHashMap<>();
        if (names != null) {
            ask(providers, provider -> names.stream().anyMatch(name -> Names.isOf(provider, name)), devices, problems);
        }
        if (names == null || !names.stream().allMatch(name -> isThere(devices, name))) {
            ask(providers, provider -> true, devices, problems);
        }
        return new Accelerators(
                providers,
                providers.keySet().stream()
                        .flatMap(provider -> devices.getOrDefault(provider, List.of()).stream())
                        .toList(),
                problems,
                devices.keySet().containsAll(providers.keySet()),
                null);
    }

    private static void ask(
            Map<String, AcceleratorProvider> providers,
            Predicate<String> isAsked,
            Map<String, List<DeviceDescriptor>> devices,
            List<String> problems) {
        providers.forEach((name, provider) -> {
            if (isAsked.test(name) && !devices.containsKey(name)) {
                devices.put(name, provider.discover());
                problems.addAll(provider.diagnostics());
            }
        });
    }

    private static boolean isThere(Map<String, List<DeviceDescriptor>> devices, String name) {
        return devices.values().stream().flatMap(List::stream).anyMatch(device -> Names.isOwn(device, name));
    }

    /** These, or all that {@link #find()} finds if not all providers were asked. */
    Accelerators complete() {
        return isComplete ? this : find();
    }

    /**
     * The same, but that each device opened by these is shared with other programs of the same user that share it: they compute in turns,
     * and their buffers take no more than each share has.
     */
    public Accelerators sharing(Share share) {
        return with(Objects.requireNonNull(share));
    }

    private Accelerators with(@Nullable Share other) {
        return new Accelerators(providers, devices, diagnostics, isComplete, other);
    }

    /** All devices that were there when this object was made. */
    public List<DeviceDescriptor> devices() {
        return devices;
    }

    /** Why there are fewer devices than one might expect, for people. */
    public List<String> diagnostics() {
        return diagnostics;
    }

    /** The devices of a kind. */
    public List<DeviceDescriptor> devices(DeviceKind kind) {
        return devices.stream().filter(device -> device.kind() == kind).toList();
    }

    /**
     * The devices that go by {@code name}: a device's own name such as {@code cpu:0}, a provider's, or, where neither is called so, a
     * kind in small letters such as {@code gpu}.
     */
    public List<DeviceDescriptor> named(String name) {
        return Names.named(devices, name);
    }

    /** What is here, whatever program asks: of what is in the JVM of a program nobody else knows how much memory or of which build it is. */
    Equipment equipment() {
        return new Equipment(
                providers.keySet(),
                devices.stream()
                        .map(device -> isOfJvm(device) ? Outlook.ofSomeJvm(device) : device)
                        .toList());
    }

    private boolean isOfJvm(DeviceDescriptor device) {
        return !(providers.get(device.provider()) instanceof HostedProvider);
    }

    /**
     * Opens a device.
     *
     * @throws DeviceFault if it cannot be opened
     * @throws IllegalArgumentException if no provider here has it
     */
    public Device open(DeviceDescriptor device) throws DeviceFault {
        return Device.open(device, null, openBackend(device), this);
    }

    /**
     * As {@link #open(DeviceDescriptor)}, but a resume can replace the device by what the program has it for, as in
     * {@code --device worker-1=gpu}. The same device may be opened in several roles, which are spread over different ones then, or the
     * other way round.
     */
    public Device open(DeviceDescriptor device, String role) throws DeviceFault {
        Objects.requireNonNull(role);
        return Device.open(device, role, openBackend(device), this);
    }

    /**
     * Joins those who share a device. No image may have what this returns, so a thread that may be captured calls it only while it has a
     * device frozen, which checkpoints wait for.
     */
    Turns turns(DeviceDescriptor device) throws DeviceFault {
        return Turns.of(device.name(), share, !isOfJvm(device));
    }

    Backend openBackend(DeviceDescriptor device) throws DeviceFault {
        AcceleratorProvider provider = providers.get(device.provider());
        if (provider == null) {
            throw new IllegalArgumentException("cannot open " + device.name() + ": there is no provider "
                    + device.provider() + " among " + providers.keySet());
        }
        return provider.open(device.id());
    }
}
