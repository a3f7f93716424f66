package dev.ingot.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.image.AgentArgument;
import dev.ingot.core.jdk.access.JdkClass;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import jdk.internal.misc.VM;
import org.junit.jupiter.api.Test;

final class InstrumentationCodecTest {
    @Test
    void refusesByNameWhatAProgramThatAttachedAnAgentToItselfHolds() {
        Class<?> type = JdkClass.of("sun.instrument.InstrumentationImpl");
        Instrumentation instrumentation = (Instrumentation) JdkClass.allocate(type);
        InstrumentationCodec codec = new InstrumentationCodec(instrumentation);

        assertThat(codec.accepts(type)).isTrue();
        // No agent is on the command line of this JVM but the one that measures coverage, perhaps.
        if (!AgentArgument.namesOther(VM.getRuntimeArguments(), Path.of("").toAbsolutePath())) {
            assertThatThrownBy(() -> codec.capture(instrumentation))
                    .isInstanceOf(NotCapturableException.class)
                    .hasMessageContaining("attached")
                    .hasMessageContaining("mock-maker-subclass");
        }
    }
}
