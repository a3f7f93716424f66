package dev.ingot.agent.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;

class LambdaNumberTest {
    private static final String TEMPLATE = LambdaNumberTest.class.getPackageName() + ".LambdaNumberTest$Template";
    private static final String LAMBDA = TEMPLATE + "$$Lambda";

    @TempDir
    private Path base;

    /** What the class of a lambda is, with a constant of each size and with its own name in a descriptor. */
    static final class Template implements Supplier<Object> {
        private static final long NUMBER = 0x123456789abcdL;

        private final Template own = this;

        @Override
        public Object get() {
            return own.getClass().getName() + NUMBER + 1e300 + 1.5f;
        }
    }

    @Test
    void isTheEndOfALambdasName() {
        assertThat(LambdaNumber.without("a/B$$Lambda$17")).isEqualTo("a/B$$Lambda");
        assertThat(LambdaNumber.without("a.B$$Lambda$17")).isEqualTo("a.B$$Lambda");
        assertThat(LambdaNumber.without("a/B$$Lambda")).isEqualTo("a/B$$Lambda");
        assertThat(LambdaNumber.without("a/B$$Lambda$")).isEqualTo("a/B$$Lambda$");
        assertThat(LambdaNumber.without("a/B$$Lambda$1x")).isEqualTo("a/B$$Lambda$1x");
        assertThat(LambdaNumber.without("a/B$17")).isEqualTo("a/B$17");
    }

    @Test
    void aRenamedClassIsTheSameButForItsName() throws Exception {
        byte[] classFile = template();

        byte[] renamed = LambdaNumber.renamed(classFile, TEMPLATE, LAMBDA + "$17");

        assertThat(new ClassReader(renamed).getClassName()).isEqualTo((LAMBDA + "$17").replace('.', '/'));
        assertThat(LambdaNumber.renamed(renamed, LAMBDA + "$17", TEMPLATE)).isEqualTo(classFile);
        Class<?> defined = MethodHandles.lookup().defineClass(renamed);
        Supplier<?> made = (Supplier<?>) defined.getDeclaredConstructor().newInstance();
        assertThat(made.get()).isEqualTo(LAMBDA + "$17" + Template.NUMBER + "1.0E3001.5");
    }

    @Test
    void lambdasAreFoundAgainWhateverTheirNumber() throws Exception {
        AgentLog log = AgentLog.toStderr(LogLevel.QUIET);
        WovenCache cache = WovenCache.of(new WovenCacheFile(base.resolve("ingot"), "build"), 1 << 20, log);
        HiddenClassRecorder recorder =
                new HiddenClassRecorder(new WovenCaches(cache, cache), new CompileLimit(log), log);
        String plain = "java.util.ArrayList$$Lambda";

        byte[] woven = recorder.weave(ArrayList.class, plain + "$3", named(plain + "$3"));
        assertThat(cache.find(plain, named(plain))).isNotNull();
        byte[] again = recorder.weave(ArrayList.class, plain + "$17", named(plain + "$17"));

        assertThat(woven).isNotNull();
        assertThat(again).isEqualTo(LambdaNumber.renamed(Objects.requireNonNull(woven), plain + "$3", plain + "$17"));
    }

    private static byte[] named(String name) throws IOException {
        return LambdaNumber.renamed(template(), TEMPLATE, name);
    }

    private static byte[] template() throws IOException {
        try (InputStream classFile = Template.class.getResourceAsStream("LambdaNumberTest$Template.class")) {
            return Objects.requireNonNull(classFile).readAllBytes();
        }
    }
}
