package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class StandardStreamsTest {
    @TempDir
    Path directory;

    @Test
    void inputGoesOnInItsFileWithWhatWasBuffered() throws Exception {
        Path input = numbers(20_000);
        Path taken = directory.resolve("streams.image");
        assertThat(run(input, "take", taken, "5")).containsExactly("0", "1", "2", "3", "4");
        assertThat(run(input, "go on", taken, "3")).as("the same input").containsExactly("5", "6", "7");
        assertThat(run(Path.of("/dev/null"), "go on", taken, "20000"))
                .as("no input: the file is opened again")
                .hasSize(20_000 - 5)
                .startsWith("5")
                .endsWith("19999");
    }

    private Path numbers(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(Integer.toString(i));
        }
        return Files.write(directory.resolve("input.txt"), lines);
    }

    private static List<String> run(Path input, String what, Path image, String count) throws Exception {
        Process process = OtherProcess.start(
                ProcessBuilder.Redirect.from(input.toFile()), Reader.class, what, image.toString(), count);
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /** Reads lines from standard input byte by byte, so that only {@code System.in} buffers. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) throws Exception {
            StandardStreams streams = StandardStreams.ofThisJvm(FilePolicy.strict());
            SmallImage image = new SmallImage();
            Path file = Path.of(arguments[1]);
            boolean take = arguments[0].equals("take");
            if (!take) {
                streams.restore((Object[]) image.read(Files.readAllBytes(file)));
            }
            for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                String line = line();
                if (line.isEmpty()) {
                    break;
                }
                System.out.println(line);
            }
            if (take) {
                Files.write(file, image.write(streams.capture()));
            }
        }

        private static String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
                line.append((char) next);
            }
            return line.toString();
        }
    }
}
