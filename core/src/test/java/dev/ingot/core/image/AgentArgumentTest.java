package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class AgentArgumentTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    void tellsOtherAgentsOfTheCommandLineFromIngot() {
        assertThat(AgentArgument.namesOther(new String[] {"-Xmx1g", "-javaagent:/gone/ingot-agent.jar=name=a"}, HERE))
                .isFalse();
        assertThat(AgentArgument.namesOther(new String[] {"-javaagent:/gone/aspectjweaver.jar"}, HERE))
                .isTrue();
    }
}
