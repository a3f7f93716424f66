package dev.ingot.agent.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;
import dev.ingot.agent.observe.Observer;
import dev.ingot.agent.observe.WeavingTotals;
import dev.ingot.agent.options.AgentOptions;
import dev.ingot.agent.weave.StackMaps;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;

class WeavingTransformerTest {
    private static final String NAME = "java/util/concurrent/ThreadPoolExecutor";

    @Test
    void weavesAClassWhoseStackMapsTheJvmHasLostLikeOneThatHasThem() throws IOException {
        byte[] whole = classFile();
        byte[] reduced = withoutStackMaps(whole);
        assertThat(StackMaps.areMissing(whole)).isFalse();
        assertThat(StackMaps.areMissing(reduced)).isTrue();

        assertThat(transformer().transform(null, NAME, ThreadPoolExecutor.class, null, reduced))
                .isEqualTo(transformer().transform(null, NAME, ThreadPoolExecutor.class, null, whole));
    }

    @Test
    void weavesAClassThatItsLoaderDefinesWithoutSayingItsName() throws IOException {
        byte[] woven = transformer().transform(null, null, null, null, classFile());

        assertThat(woven).isNotNull().isEqualTo(transformer().transform(null, NAME, null, null, classFile()));
        assertThat(transformer().transform(null, null, null, null, new byte[] {1, 2, 3}))
                .isNull();
    }

    @Test
    void countsWhatItWeaves() throws IOException {
        AgentLog log = AgentLog.toStderr(LogLevel.QUIET);
        WeavingTotals totals = Observer.of(log).weaving();
        WeavingTransformer transformer = transformer(log, totals);

        transformer.transform(null, NAME, ThreadPoolExecutor.class, null, classFile());
        transformer.transform(null, "java/lang/String", String.class, null, new byte[0]);

        assertThat(totals.snapshot().classes()).isEqualTo(1);
        assertThat(totals.snapshot().nanos()).isPositive();
    }

    /** As HotSpot gives a class that it did not verify to transformers. */
    private static byte[] withoutStackMaps(byte[] whole) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(whole).accept(writer, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    private static byte[] classFile() throws IOException {
        try (InputStream stream = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(NAME + ".class"))) {
            return stream.readAllBytes();
        }
    }

    private static WeavingTransformer transformer() {
        AgentLog log = AgentLog.toStderr(LogLevel.QUIET);
        return transformer(log, Observer.of(log).weaving());
    }

    private static WeavingTransformer transformer(AgentLog log, WeavingTotals totals) {
        return new WeavingTransformer(
                AgentOptions.parse("").weaving(),
                new ResumableMethods(),
                new InitializedClasses(),
                new ClassFileRecorder(),
                new Coordination(log),
                new CompileLimit(log),
                WovenCaches.ofThisJvm(log),
                totals,
                log);
    }
}
