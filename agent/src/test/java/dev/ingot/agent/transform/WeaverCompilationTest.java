package dev.ingot.agent.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.agent.CompilersOfThisJvm;
import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeaverCompilationTest {
    @AfterEach
    void clearDirectives() throws JMException {
        CompilersOfThisJvm.clearDirectives();
    }

    @Test
    void aJvmThatWeavesManyClassesDoesNotOptimizeTheWeaver() {
        WeaverCompilation compilation = new WeaverCompilation(AgentLog.toStderr(LogLevel.DEBUG));

        for (int i = 0; i < 20; i++) {
            compilation.wove();
        }

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(CompilersOfThisJvm.directives()).contains("dev/ingot/agent/weave/*.*"));
    }

    /** What it calls links method types, which may not be made while classes get other hash codes. */
    @Test
    void directsNothingWhileAnotherRunsApart() {
        WeaverCompilation compilation = new WeaverCompilation(AgentLog.toStderr(LogLevel.DEBUG));

        compilation.runApart(() -> {
            Set<Thread> before = directing();
            for (int i = 0; i < 20; i++) {
                compilation.wove();
            }
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(directing())
                            .filteredOn(thread -> !before.contains(thread))
                            .singleElement()
                            .extracting(Thread::getState)
                            .isEqualTo(Thread.State.BLOCKED));
        });

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(directing()).isEmpty());
    }

    private static Set<Thread> directing() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("Ingot compilation"))
                .collect(Collectors.toSet());
    }
}
