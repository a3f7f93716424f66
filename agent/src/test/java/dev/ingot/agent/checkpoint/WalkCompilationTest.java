package dev.ingot.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.agent.CompilersOfThisJvm;
import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;
import dev.ingot.core.heap.HeapWriter;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WalkCompilationTest {
    private static final long FEW = 1_000;
    private static final String WALK = "dev/ingot/core/heap/*.*";

    private final List<Class<?>> begunAnew = new ArrayList<>();
    private final WalkCompilation compilation =
            new WalkCompilation(instrumentation(), AgentLog.toStderr(LogLevel.DEBUG));

    @AfterEach
    void clearDirectives() throws JMException {
        CompilersOfThisJvm.clearDirectives();
    }

    @Test
    void theFirstWalksAreKeptFromTheOptimizingCompiler() throws JMException {
        assertThat(compilation.prepare(FEW, false, false)).isFalse();

        assertThat(CompilersOfThisJvm.directives()).contains(WALK);
        assertThat(begunAnew).isEmpty();
    }

    @Test
    void theWalkIsOptimizedOnceThatIsWorthIt() {
        assertThat(compilation.prepare(FEW, false, false)).isFalse();
        compilation.walked(WalkCompilation.WORTH_BEGINNING_ANEW - FEW - 1);
        assertThat(compilation.prepare(FEW, false, false)).isFalse();
        compilation.walked(1);

        assertThat(compilation.prepare(FEW, false, false)).isTrue();
        assertThat(begunAnew).containsExactly(HeapWriter.class);
        assertThat(compilation.prepare(FEW, false, false)).isFalse();
    }

    @Test
    void theWalkIsOptimizedForWhoeverWantsTheShortestPause() {
        assertThat(compilation.prepare(FEW, false, false)).isFalse();

        assertThat(compilation.prepare(FEW, false, true)).isTrue();
        assertThat(begunAnew).containsExactly(HeapWriter.class);
    }

    /** One that grew beyond it is not compiled anew for the sake of a single walk. */
    @Test
    void aHeapThatHasGrownLargeIsWalkedInOptimizedCodeOnceThatIsWorthIt() {
        assertThat(compilation.prepare(FEW, false, false)).isFalse();

        assertThat(compilation.prepare(WalkCompilation.WORTH_OPTIMIZING, false, false))
                .isFalse();
        assertThat(compilation.prepare(WalkCompilation.WORTH_BEGINNING_ANEW, false, false))
                .isTrue();
    }

    @Test
    void theOptimizedWalkIsNotCompiledWithAllThatIsRareInEachOfItsMethods() throws Exception {
        compilation.prepare(FEW, false, true);

        assertThat(CompilersOfThisJvm.directives()).contains("HeapWriter.discover");
        for (String method : WalkCompilation.APART) {
            int dot = method.indexOf('.');
            Class<?> owner = Class.forName(method.substring(0, dot).replace('/', '.'));
            assertThat(owner.getDeclaredMethods()).extracting(Method::getName).contains(method.substring(dot + 1));
        }
    }

    @Test
    void aLargeHeapIsWalkedInOptimizedCodeFromTheBeginning() {
        assertThat(compilation.prepare(WalkCompilation.WORTH_OPTIMIZING, false, false))
                .isFalse();
        assertThat(compilation.prepare(WalkCompilation.WORTH_OPTIMIZING, false, false))
                .isFalse();
        assertThat(begunAnew).isEmpty();
    }

    @Test
    void theLastWalkOfAProgramIsNotOptimizedAnyMore() {
        assertThat(compilation.prepare(FEW, false, false)).isFalse();
        compilation.walked(WalkCompilation.WORTH_BEGINNING_ANEW);

        assertThat(compilation.prepare(FEW, true, false)).isFalse();
        assertThat(begunAnew).isEmpty();
    }

    private Instrumentation instrumentation() {
        return (Instrumentation) Proxy.newProxyInstance(
                WalkCompilationTest.class.getClassLoader(),
                new Class<?>[] {Instrumentation.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAllLoadedClasses" ->
                        new Class<?>[] {String.class, HeapWriter.class, WalkCompilationTest.class};
                    case "isModifiableClass" -> true;
                    case "retransformClasses" -> {
                        begunAnew.addAll(List.of((Class<?>[]) arguments[0]));
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
