package dev.ingot.accelerator.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of the native libraries that are needed.
 *
 * @param driver comes with the GPU's driver
 * @param compilers comes with the toolkit; the first one that is there is used
 */
record CudaLibraries(String driver, List<String> compilers) {
    static final CudaLibraries INSTALLED = new CudaLibraries(
            "libcuda.so.1", List.of("libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"));

    /** The first compiler that is there. */
    ForeignLibrary compiler() {
        List<String> missing = new ArrayList<>();
        for (String name : compilers) {
            try {
                return ForeignLibrary.load(name);
            } catch (UnsatisfiedLinkError absent) {
                missing.add(String.valueOf(absent.getMessage()));
            }
        }
        throw new UnsatisfiedLinkError(String.join("; ", missing));
    }
}
