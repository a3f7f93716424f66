package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.operation.Determinism;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Does with open devices what a checkpoint and a resume do with those of an image. The entry is meant for the agent alone, which calls it by
 * name; so does this.
 */
final class Resumption {
    private static final String ENTRY = "dev.ingot.accelerator.device.OpenDevices";
    private static final String FORMAT = "format";

    private Resumption() {}

    /** Freezes all open devices. */
    static void freeze(Duration deadline) {
        call("freeze", new Class<?>[] {long.class}, deadline.toNanos());
    }

    /** Has what is saved of a frozen device be of another format, as that of an image is which another version took. */
    static void setFormat(Device frozen, int format) throws ReflectiveOperationException {
        Field field = Device.class.getDeclaredField(FORMAT);
        field.setAccessible(true);
        field.setInt(frozen, format);
    }

    /**
     * Gives frozen devices others.
     *
     * @param replacements by which device another one is replaced
     * @throws IllegalStateException if there is none for one of them
     */
    static void rebind(List<Device> frozen, Accelerators accelerators, Map<String, String> replacements) {
        call(
                "rebind",
                new Class<?>[] {List.class, Accelerators.class, Map.class, Determinism.class},
                frozen,
                accelerators,
                replacements,
                null);
    }

    static void thaw() {
        call("thaw", new Class<?>[0]);
    }

    private static void call(String name, Class<?>[] types, @Nullable Object... arguments) {
        try {
            Method method = Class.forName(ENTRY).getDeclaredMethod(name, types);
            method.setAccessible(true);
            method.invoke(null, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof IllegalStateException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(name + " failed", thrown.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kit and the interface are of different versions", e);
        }
    }
}
