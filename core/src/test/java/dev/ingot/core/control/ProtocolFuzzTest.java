package dev.ingot.core.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.FuzzInputs;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A line of the control protocol, as anybody might have written it. {@code dev/fuzz} looks for inputs that end otherwise than by being taken
 * or refused; the test takes those that are kept. Public because Jazzer calls it.
 */
public class ProtocolFuzzTest {
    private static FuzzInputs.Target chosen = target("request");

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
            case "request" -> ProtocolFuzzTest::request;
            case "event" -> ProtocolFuzzTest::event;
            default -> throw new IllegalArgumentException("there is no target " + name);
        };
    }

    static List<Arguments> inputs() throws IOException {
        return FuzzInputs.of(ProtocolFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void takesOrRefusesWhatIsKept(String target, Path input) throws Exception {
        target(target).take(Files.readAllBytes(input));
    }

    private static void request(byte[] line) {
        try {
            JsonObject request = JsonObject.parse(new String(line, UTF_8));
            if (request.integer("protocol") == Messages.VERSION
                    && !request.string("request").isEmpty()) {
                Messages.images(request).ifPresent(path -> assertThat(path).isAbsolute());
            }
        } catch (JsonException refused) {
            assertThat(refused).isNotNull();
        }
    }

    private static void event(byte[] line) {
        try {
            JsonObject event = JsonObject.parse(new String(line, UTF_8));
            String text = switch (event.string("event")) {
                case "status" -> Messages.done(Messages.status(event));
                case "image" -> Messages.done(Messages.image(event));
                case "failed" -> Messages.failed(Messages.failure(event));
                default -> Messages.log(event.string("message"));
            };
            assertThat(text).doesNotContain("\n");
        } catch (JsonException refused) {
            assertThat(refused).isNotNull();
        }
    }
}
