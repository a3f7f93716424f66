package dev.ingot.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.agent.weave.EarlyField;
import dev.ingot.agent.weave.LargeMethod;
import dev.ingot.agent.weave.ValuesLeft;
import dev.ingot.tortured.ArgumentsAreComputedByCalls;
import dev.ingot.tortured.ConstructorsMakeArguments;
import dev.ingot.tortured.ConstructorsWork;
import dev.ingot.tortured.HandlesImplementInterfaces;
import dev.ingot.tortured.IdleWorkersAreInterrupted;
import dev.ingot.tortured.MethodHandlesCallOnce;
import dev.ingot.tortured.MonitorsExcludePinnedThreads;
import dev.ingot.tortured.PinnedFramesGrowOld;
import dev.ingot.tortured.ReflectedCallersAreSeen;
import dev.ingot.tortured.ReflectedCallsConvert;
import dev.ingot.tortured.StreamsRunInParallel;
import dev.ingot.tortured.ThreadsHandOver;
import dev.ingot.tortured.TimersAreNotified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs whose threads are captured and rebuilt in place all the time print what they print without Ingot. */
@Timeout(600)
class TortureIT {
    private static final Pattern CAPTURES = Pattern.compile("torture: (\\d+) captures");

    /** How many captures there can be while a program only starts. */
    private static final int MOST_BEFORE_MAIN = 5;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            classes = {
                IdleWorkersAreInterrupted.class,
                TimersAreNotified.class,
                ThreadsHandOver.class,
                MethodHandlesCallOnce.class,
                ReflectedCallersAreSeen.class,
                HandlesImplementInterfaces.class,
                StreamsRunInParallel.class,
                ArgumentsAreComputedByCalls.class,
                ConstructorsWork.class,
                ConstructorsMakeArguments.class,
                MonitorsExcludePinnedThreads.class
            })
    void changesNothing(Class<?> program) throws Exception {
        assertChangesNothing("target/test-classes", program.getName());
    }

    @ParameterizedTest
    @ValueSource(classes = {ReflectedCallsConvert.class, PinnedFramesGrowOld.class})
    void capturesAgainAndAgain(Class<?> program) throws Exception {
        FreshJvm.Outcome tortured = assertChangesNothing("target/test-classes", program.getName());

        assertThat(captures(tortured)).as(tortured.errors()).isGreaterThan(MOST_BEFORE_MAIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {LargeMethod.SMALL_ENOUGH_TO_COMPILE, LargeMethod.NEARLY_A_CLASS_FILE})
    void capturesLargeMethods(int expressions) throws Exception {
        assertChangesNothing(classPathWith(LargeMethod.NAME, LargeMethod.classFile(expressions)), LargeMethod.NAME);
    }

    @Test
    void capturesAMethodThatLeavesValuesBehind() throws Exception {
        FreshJvm.Outcome tortured =
                assertChangesNothing(classPathWith(ValuesLeft.NAME, ValuesLeft.classFile()), ValuesLeft.NAME);

        assertThat(captures(tortured)).as(tortured.errors()).isGreaterThan(MOST_BEFORE_MAIN);
    }

    @Test
    void capturesAConstructorThatSetsAFieldEarly() throws Exception {
        FreshJvm.Outcome tortured =
                assertChangesNothing(classPathWith(EarlyField.NAME, EarlyField.classFile()), EarlyField.NAME);

        assertThat(captures(tortured)).as(tortured.errors()).isGreaterThan(MOST_BEFORE_MAIN);
    }

    private String classPathWith(String name, byte[] classFile) throws IOException {
        Path classes = directory.resolve("classes");
        Path file = classes.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, classFile);
        return "target/test-classes:" + classes;
    }

    private FreshJvm.Outcome assertChangesNothing(String classPath, String program) throws Exception {
        FreshJvm.Outcome plain = FreshJvm.run(directory, classPath, program);

        FreshJvm.Outcome tortured = FreshJvm.run(
                directory, classPath, program, "-javaagent:" + FreshJvm.AGENT + "=torture=3ms,deadline=1s,log=info");

        assertThat(tortured.output())
                .as(tortured.errors())
                .isEqualTo(plain.output())
                .isNotEmpty();
        assertThat(tortured.exitCode()).isZero();
        assertThat(captures(tortured)).as(tortured.errors()).isPositive();
        return tortured;
    }

    private static int captures(FreshJvm.Outcome outcome) {
        Matcher matcher = CAPTURES.matcher(outcome.errors());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
