package dev.ingot.accelerator.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.device.Accelerators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the library does beside computing. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EngineTest {

    /** Reports of what it is used for would lie in the home directory until they are sent. */
    @Test
    void leavesNothingButItsLibraries() throws Exception {
        clear(TracelessProvider.HOME);
        for (int i = 0; i < 2; i++) {
            Accelerators accelerators = Accelerators.of(List.of(new TracelessProvider()));
            assertThat(accelerators.devices())
                    .as("%s", accelerators.diagnostics())
                    .singleElement()
                    .satisfies(device -> assertThat(device.kind()).isEqualTo(DeviceKind.GRAPH_ENGINE));
            accelerators.open(accelerators.devices().get(0)).close();
        }

        try (Stream<Path> left = Files.walk(TracelessProvider.HOME).filter(Files::isRegularFile)) {
            assertThat(left)
                    .allSatisfy(file -> assertThat(file)
                            .startsWith(TracelessProvider.HOME.resolve(Path.of("cache", "ingot", "onnxruntime"))))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("libonnxruntime.so", "libonnxruntime4j_jni.so");
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(directory);
    }

    @Test
    void isLoadedOnlyWhereItReportsNothing() {
        Accelerators accelerators = Accelerators.of(List.of(new ReportingProvider()));

        assertThat(accelerators.devices()).isEmpty();
        assertThat(accelerators.diagnostics())
                .singleElement()
                .asString()
                .contains("loaded only where ORT_DISABLE_TELEMETRY is 1");
    }
}
