package dev.ingot.integration.accelerator;

import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The class path of a program that computes on devices. */
public final class DeviceClassPath {

    private DeviceClassPath() {}

    /** Where these classes are, and the libraries that backends call. */
    public static Set<String> of(Class<?>... classes) {
        Set<String> entries = new LinkedHashSet<>();
        for (Class<?> each : classes) {
            entries.add(each.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
        for (String entry : List.of(System.getProperty("java.class.path").split(File.pathSeparator))) {
            if (entry.contains("lwjgl") || entry.contains("onnxruntime")) {
                entries.add(entry);
            }
        }
        return entries;
    }
}
