package dev.ingot.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The section with the methods on stacks, as anybody might have written it. {@code dev/fuzz} looks for inputs that end otherwise than by
 * being taken or refused; the test takes those that are kept. Public because Jazzer calls it.
 */
public class FrameListFuzzTest {
    /** Called by Jazzer with each input. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            for (FrameList.Entry entry : FrameList.read(new ByteArrayInputStream(input))) {
                assertThat(entry.className().length() + entry.method().length()).isLessThanOrEqualTo(input.length);
            }
        } catch (IOException refused) {
            assertThat(refused).isNotNull();
        }
    }

    static List<Path> inputs() throws IOException {
        Path directory =
                Path.of("src/test/resources", FrameListFuzzTest.class.getName().replace('.', '/') + "Inputs", "frames");
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void takesOrRefusesWhatIsKept(Path input) throws IOException {
        fuzzerTestOneInput(Files.readAllBytes(input));
    }
}
