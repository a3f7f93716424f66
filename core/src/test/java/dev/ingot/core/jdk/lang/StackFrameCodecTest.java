package dev.ingot.core.jdk.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.RoundTrip;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StackFrameCodecTest {

    @Test
    void carriesAllThatCanBeAskedOfAFrame() throws NotCapturableException, NotRestorableException {
        Supplier<List<StackFrame>> walk = () -> frames(StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE));
        List<StackFrame> frames = walk.get();

        assertThat(frames).hasSizeGreaterThan(3);
        for (StackFrame frame : frames) {
            StackFrame restored = RoundTrip.restored(frame);
            assertThat(answers(restored)).isEqualTo(answers(frame));
            assertThat(restored.getDeclaringClass()).isSameAs(frame.getDeclaringClass());
            assertThat(restored.getMethodType()).isEqualTo(frame.getMethodType());
            assertThat(restored.getDescriptor()).isEqualTo(frame.getDescriptor());
        }
    }

    @Test
    void keepsToItselfWhatTheWalkerWasNotToTell() throws NotCapturableException, NotRestorableException {
        StackFrame frame = frames(StackWalker.getInstance()).get(0);

        StackFrame restored = RoundTrip.restored(frame);

        assertThat(answers(restored)).isEqualTo(answers(frame));
        assertThatThrownBy(restored::getDeclaringClass).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(restored::getMethodType).isInstanceOf(UnsupportedOperationException.class);
    }

    private static List<StackFrame> frames(StackWalker walker) {
        return walker.walk(Stream::toList);
    }

    private static List<Object> answers(StackFrame frame) {
        return List.of(
                frame.toString(),
                frame.getClassName(),
                frame.getMethodName(),
                String.valueOf(frame.getFileName()),
                frame.getLineNumber(),
                frame.getByteCodeIndex(),
                frame.isNativeMethod(),
                frame.toStackTraceElement());
    }
}
