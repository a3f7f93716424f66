package dev.ingot.core.crac;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CracBridgeTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void plantedInTheBootLoaderItServesProgramsInIsolatedLoaders(String version) throws Exception {
        assertThat(run(CracWorld.libraryOf(version)))
                .containsExactly("planted: false", "planted: true true", "before a", "after a", "returned");
    }

    @Test
    void isNeededByTheClassesThatLookForAnImplementation() {
        assertThat(CracBridge.isNeededBy("org/crac/Core")).isTrue();
        assertThat(CracBridge.isNeededBy("org/crac/Resource")).isFalse();
    }

    private static List<String> run(Path library) throws IOException, InterruptedException, URISyntaxException {
        Path tests = Path.of(CracProgram.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlantingProgram.class.getName(),
                        library.toAbsolutePath().toString(),
                        tests.toString())
                .redirectErrorStream(true)
                .start();
        List<String> output = process.inputReader().lines().toList();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
