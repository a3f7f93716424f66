package dev.ingot.core.jdk.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.RoundTrip;
import java.lang.StackWalker.Option;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StackWalkerResolverTest {

    @Test
    void findsTheDefaultWalkerAndMakesOthersAnew() throws NotCapturableException, NotRestorableException {
        StackWalker telling = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
        StackWalker deep = StackWalker.getInstance(Set.of(Option.SHOW_HIDDEN_FRAMES), 100);

        assertThat(RoundTrip.resolved(StackWalker.getInstance())).isSameAs(StackWalker.getInstance());
        assertThat(RoundTrip.resolved(telling).getCallerClass()).isSameAs(telling.getCallerClass());
        assertThat(RoundTrip.resolved(deep)).isNotSameAs(StackWalker.getInstance());
        assertThatThrownBy(RoundTrip.resolved(deep)::getCallerClass).isInstanceOf(UnsupportedOperationException.class);
    }
}
