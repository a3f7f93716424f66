package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/**
 * Every class of java.util that is woven is correct in both variants. The JVM does not verify its own classes, so a mistake in
 * one would not be an error but a crash.
 */
@Timeout(600)
class WovenJdkTest {
    private static final WeaveRequest LEAN = new WeaveRequest(true, false, false, Set.of());
    private static final WeaveRequest RESUMABLE = new WeaveRequest(true, false, true, Set.of());

    @Test
    void leanClassesAreCorrect() throws Exception {
        assertThat(mistakesIn(LEAN)).isEmpty();
    }

    @Test
    void resumableClassesAreCorrect() throws Exception {
        assertThat(mistakesIn(RESUMABLE)).isEmpty();
    }

    private static List<String> mistakesIn(WeaveRequest request) throws IOException {
        List<String> mistakes = new ArrayList<>();
        int woven = 0;
        for (Path file : classFiles()) {
            byte[] classFile = Files.readAllBytes(file);
            WovenClass made = JdkClasses.mayWeave(new ClassReader(classFile).getClassName())
                    ? new Weaver(WovenJdkTest::noOldClasses).weave(classFile, request)
                    : null;
            if (made != null) {
                woven++;
                StringWriter report = new StringWriter();
                CheckClassAdapter.verify(new ClassReader(made.bytes()), null, false, new PrintWriter(report));
                if (!report.toString().isEmpty()) {
                    mistakes.add(file + ": " + report);
                }
            }
        }
        assertThat(woven).isGreaterThan(300);
        return mistakes;
    }

    private static List<Path> classFiles() throws IOException {
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base/java/util");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    private static String noOldClasses(String first, String second) {
        throw new AssertionError("the JDK has stack map frames: " + first + ", " + second);
    }
}
