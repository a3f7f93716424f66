package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class CompilerDirectivesTest {
    @Test
    void theJvmHasWhatWasAdded() throws IOException, JMException {
        CompilerDirectives.add("[{match: \"none/Such.method\", c2: {Exclude: true}}]");

        assertThat(directivesOfThisJvm()).contains("none/Such.method");
    }

    @Test
    void whatTheJvmDoesNotUnderstandIsAnError() {
        assertThatThrownBy(() -> CompilerDirectives.add("[{matches: \"none/Such.method\"}]"))
                .isInstanceOf(IllegalArgumentException.class);
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
