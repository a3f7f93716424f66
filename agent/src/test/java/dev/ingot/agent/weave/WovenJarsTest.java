package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JVM accepts every class of the libraries on the class path in both woven variants. More jars can be named in the system
 * property {@code ingot.verified.jars}, separated as a class path is.
 */
@Timeout(600)
class WovenJarsTest {
    private static final WeaveRequest LEAN = WeaveRequest.PROGRAM;
    private static final WeaveRequest RESUMABLE = new WeaveRequest(false, false, true, Set.of(), false);

    static List<Path> jars() {
        String separated = System.getProperty("java.class.path")
                + File.pathSeparator
                + System.getProperty("ingot.verified.jars", "");
        return Stream.of(separated.split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    @Test
    void verifiesEnoughToMeanSomething() throws Exception {
        int classes = 0;
        for (Path jar : jars()) {
            classes += WovenJar.read(jar).size();
        }
        assertThat(classes).isGreaterThan(2000);
    }

    @ParameterizedTest
    @MethodSource("jars")
    void acceptsLeanClasses(Path jar) throws Exception {
        assertThat(WovenJar.read(jar).refusals(LEAN)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("jars")
    void acceptsResumableClasses(Path jar) throws Exception {
        assertThat(WovenJar.read(jar).refusals(RESUMABLE)).isEmpty();
    }
}
