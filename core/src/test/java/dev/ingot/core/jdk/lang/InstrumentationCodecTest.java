package dev.ingot.core.jdk.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.JdkCodecs;
import dev.ingot.core.jdk.access.JdkClass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InstrumentationCodecTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    void refusesByNameWhatAProgramThatAttachedAnAgentToItselfHolds() {
        Class<?> type = JdkClass.of("sun.instrument.InstrumentationImpl");
        List<ObjectCodec<?>> codecs =
                JdkCodecs.codecs().stream().filter(codec -> codec.accepts(type)).toList();

        assertThat(codecs).hasSize(1);
        // No agent is on the command line of this JVM but the one that measures coverage, perhaps.
        if (!InstrumentationCodec.hasOtherAgent(jdk.internal.misc.VM.getRuntimeArguments(), HERE)) {
            assertThatThrownBy(() -> new InstrumentationCodec().capture(JdkClass.allocate(type)))
                    .isInstanceOf(NotCapturableException.class)
                    .hasMessageContaining("attached")
                    .hasMessageContaining("mock-maker-subclass");
        }
    }

    @Test
    void tellsOtherAgentsOfTheCommandLineFromIngot() {
        assertThat(InstrumentationCodec.hasOtherAgent(
                        new String[] {"-Xmx1g", "-javaagent:/gone/ingot-agent.jar=name=a"}, HERE))
                .isFalse();
        assertThat(InstrumentationCodec.hasOtherAgent(new String[] {"-javaagent:/gone/aspectjweaver.jar"}, HERE))
                .isTrue();
    }
}
