package dev.ingot.accelerator.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The CUDA backend on libraries that stand in for NVIDIA's. Device hosts find them in the directory of the test. */
public final class StandInProvider implements AcceleratorProvider {
    /** Set where g++ is installed, so that tests cannot be left out there. */
    private static final String REQUIRED = "INGOT_RTL_REQUIRED";

    private static final String SOURCE = "standin.cpp";
    static final Path DIRECTORY = Path.of("target", "stand-in").toAbsolutePath();
    private static final Path LIBRARY = DIRECTORY.resolve("libstandin.so");

    private final CudaProvider provider =
            new CudaProvider(new CudaLibraries(LIBRARY.toString(), List.of(LIBRARY.toString())));

    /** For the device host. */
    public StandInProvider() {}

    /** Builds the libraries; leaves the test out by name where that, or what calls them, cannot be. */
    static void require() throws IOException, InterruptedException {
        assumeThat(ForeignLibrary.isPossible())
                .as("LEFT OUT: CUDA needs a JDK %d or later", ForeignLibrary.JDK)
                .isTrue();
        boolean isThere = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "g++")));
        if (System.getenv(REQUIRED) != null) {
            assertThat(isThere).as("%s is set, so g++ must be there", REQUIRED).isTrue();
        }
        assumeThat(isThere)
                .as("LEFT OUT: there is no g++ to build what stands in for CUDA")
                .isTrue();
        Files.createDirectories(DIRECTORY);
        try (InputStream source = Objects.requireNonNull(StandInProvider.class.getResourceAsStream(SOURCE))) {
            Files.copy(source, DIRECTORY.resolve(SOURCE), StandardCopyOption.REPLACE_EXISTING);
        }
        Process compiler = new ProcessBuilder(
                        "g++", "-std=c++17", "-O1", "-fPIC", "-shared", "-o", LIBRARY.toString(), SOURCE, "-ldl")
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .start();
        String words = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as(words).isZero();
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Isolation isolation() {
        return provider.isolation();
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return provider.discover();
    }

    @Override
    public List<String> diagnostics() {
        return provider.diagnostics();
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        return provider.open(id);
    }
}
