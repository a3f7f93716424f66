package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.FuzzInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A heap stream, as anybody might have written it. {@code dev/fuzz} looks for inputs that end otherwise than by being taken
 * or refused; the test takes those that are kept. Public because Jazzer calls it.
 */
public class HeapFuzzTest {
    private static FuzzInputs.Target chosen = target("stream");

    /** Called by Jazzer once, with the name of a target. */
    public static void fuzzerInitialize(String[] arguments) {
        chosen = target(arguments[0]);
    }

    /** Called by Jazzer with each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        chosen.take(input);
    }

    private static FuzzInputs.Target target(String name) {
        return switch (name) {
            case "stream" -> HeapFuzzTest::stream;
            default -> throw new IllegalArgumentException("there is no target " + name);
        };
    }

    static List<Arguments> inputs() throws IOException {
        return FuzzInputs.of(HeapFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void takesOrRefusesWhatIsKept(String target, Path input) throws Exception {
        target(target).take(Files.readAllBytes(input));
    }

    /** What the search begins with has to be of the format that is read, or it would search the first few bytes only. */
    @ParameterizedTest
    @ValueSource(strings = {"stream/graph", "stream/resolutions"})
    void theGraphThatIsKeptIsTaken(String kept) throws Exception {
        Path graph = Path.of("src/test/resources", HeapFuzzTest.class.getName().replace('.', '/') + "Inputs", kept);

        RestoredHeap heap =
                new HeapCopy().withCodecs(MoneyCodecs.ALL).read(Files.readAllBytes(graph), RestoreListener.NONE);

        assertThat(heap.root()).isNotNull();
    }

    private static void stream(byte[] bytes) {
        try {
            RestoredHeap heap = new HeapCopy().withCodecs(MoneyCodecs.ALL).read(bytes, RestoreListener.NONE);
            assertThat(heap.root()).isNotInstanceOf(Thread.class);
        } catch (IOException | NotRestorableException refused) {
            assertThat(refused).isNotNull();
        }
    }
}
