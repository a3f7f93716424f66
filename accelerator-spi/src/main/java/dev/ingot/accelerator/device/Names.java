package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** What a device goes by. */
final class Names {

    private Names() {}

    /** Whether a device that is called {@code name}, or whose provider is, can only be this provider's. */
    static boolean isOf(String provider, String name) {
        return name.equals(provider) || name.startsWith(provider + ":");
    }

    /** Whether the device or its provider is called {@code name}. */
    static boolean isOwn(DeviceDescriptor device, String name) {
        return name.equals(device.name()) || name.equals(device.provider());
    }

    /** As {@link #isOwn}, or whether the device is of a kind of this name. */
    static boolean match(DeviceDescriptor device, String name) {
        return isOwn(device, name) || name.equals(device.kind().name().toLowerCase(Locale.ROOT));
    }

    /** The devices that go by a name; those that are called so themselves before those of a kind. */
    static List<DeviceDescriptor> named(List<DeviceDescriptor> devices, String name) {
        List<DeviceDescriptor> own =
                devices.stream().filter(device -> isOwn(device, name)).toList();
        return own.isEmpty()
                ? devices.stream().filter(device -> match(device, name)).toList()
                : own;
    }

    /**
     * By which name the device is looked for on which a resume goes on.
     *
     * @param before the device of the image
     * @param role what the program has it for; null if it did not say
     * @param replacements what the resume says, by what is replaced
     * @param instead what the job says for where the device is missing, as in {@code gpu=cpu;cuda=opencl}
     * @param there the devices where it is resumed
     */
    static String wanted(
            DeviceDescriptor before,
            @Nullable String role,
            Map<String, String> replacements,
            String instead,
            List<DeviceDescriptor> there) {
        String wanted = wanted(before, role, replacements);
        return wanted.equals(before.name()) && named(there, wanted).isEmpty() ? instead(before, instead) : wanted;
    }

    /** The same where nothing is known of what is there. */
    static String wanted(DeviceDescriptor before, @Nullable String role, Map<String, String> replacements) {
        String wanted = before.name();
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            if (match(before, replacement.getKey())) {
                wanted = replacement.getValue();
            }
        }
        return role == null ? wanted : replacements.getOrDefault(role, wanted);
    }

    private static String instead(DeviceDescriptor missing, String text) {
        for (StringTokenizer pairs = new StringTokenizer(text, ";"); pairs.hasMoreTokens(); ) {
            String pair = pairs.nextToken().strip();
            int equals = pair.indexOf('=');
            if (equals > 0 && match(missing, pair.substring(0, equals))) {
                return pair.substring(equals + 1);
            }
        }
        return missing.name();
    }
}
