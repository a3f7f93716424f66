package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerDirectivesTest {
    @TempDir
    Path directory;

    @Test
    void theJvmHasWhatWasAdded() throws IOException, JMException {
        CompilerDirectives.add(file("[{match: \"none/Such.method\", c2: {Exclude: true}}]"));

        assertThat(directivesOfThisJvm()).contains("none/Such.method");
    }

    @Test
    void whatTheJvmDoesNotUnderstandIsAnError() throws IOException {
        Path broken = file("[{matches: \"none/Such.method\"}]");

        assertThatThrownBy(() -> CompilerDirectives.add(broken)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        Path missing = directory.resolve("missing.json");

        assertThatThrownBy(() -> CompilerDirectives.add(missing)).isInstanceOf(IllegalArgumentException.class);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("with space.json"), text);
    }

    private static String directivesOfThisJvm() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "compilerDirectivesPrint",
                        new Object[0],
                        new String[0]);
    }
}
