package dev.ingot.core.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The address that a buffer of Agrona's has noted follows its memory. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AgronaBufferCodecTest {
    private static final int DISTANCE = 24;
    private static final int SIZE = 64;
    private static final int OFFSET_IN_ARRAY = 16;

    private final AgronaBufferCodec codec = new AgronaBufferCodec();

    @Test
    void takesAgronasBuffers() {
        assertThat(codec.accepts(UnsafeBuffer.class)).isTrue();
        assertThat(codec.accepts(ByteBuffer.class)).isFalse();
    }

    @Test
    void findsTheMemoryWhereItIsNow() throws NotCapturableException {
        ByteBuffer before = ByteBuffer.allocateDirect(SIZE);
        ByteBuffer after = ByteBuffer.allocateDirect(SIZE);
        Object[] state = codec.capture(new UnsafeBuffer(null, before, BufferAddress.of(before) + DISTANCE, SIZE));
        state[1] = after;

        assertThat(restored(state).addressOffset()).isEqualTo(BufferAddress.of(after) + DISTANCE);
    }

    @Test
    void leavesAnOffsetInAnArrayAsItIs() throws NotCapturableException {
        UnsafeBuffer overArray = new UnsafeBuffer(new byte[SIZE], null, OFFSET_IN_ARRAY, SIZE);

        UnsafeBuffer restored = restored(codec.capture(overArray));

        assertThat(restored.addressOffset()).isEqualTo(OFFSET_IN_ARRAY);
        assertThat(restored.capacity()).isEqualTo(SIZE);
    }

    @Test
    void carriesABufferThatIsOverNothingYet() throws NotCapturableException {
        assertThat(restored(codec.capture(new UnsafeBuffer(null, null, 0, 0))).capacity())
                .isZero();
    }

    @Test
    void refusesMemoryThatNothingIsKnownOf() {
        UnsafeBuffer overAddress = new UnsafeBuffer(null, null, 4711, SIZE);

        assertThatThrownBy(() -> codec.capture(overAddress))
                .isInstanceOf(NotCapturableException.class)
                .hasMessageContaining("org.agrona.concurrent.UnsafeBuffer")
                .hasMessageContaining("belongs to no ByteBuffer");
    }

    private UnsafeBuffer restored(Object[] state) {
        UnsafeBuffer restored = new UnsafeBuffer(null, null, 0, 0);
        codec.restore(restored, state);
        return restored;
    }
}
