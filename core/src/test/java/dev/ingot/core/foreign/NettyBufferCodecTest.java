package dev.ingot.core.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.access.Slot;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The address that a buffer of Netty's has noted follows its memory. */
class NettyBufferCodecTest {
    private static final int DISTANCE = 24;
    private static final int SIZE = 64;

    private final NettyBufferCodec codec = new NettyBufferCodec();

    @Test
    void takesNettysBuffersOverDirectOnes() {
        assertThat(codec.accepts(UnpooledUnsafeDirectByteBuf.class)).isTrue();
        assertThat(codec.accepts(ByteBuffer.class)).isFalse();
    }

    @Test
    void findsTheMemoryWhereItIsNow() {
        ByteBuffer before = ByteBuffer.allocateDirect(SIZE);
        ByteBuffer after = ByteBuffer.allocateDirect(SIZE);
        Object[] state = codec.capture(new UnpooledUnsafeDirectByteBuf(before, addressOf(before) + DISTANCE));
        state[1] = after;
        UnpooledUnsafeDirectByteBuf restored = new UnpooledUnsafeDirectByteBuf(null, 0);

        codec.restore(restored, state);

        assertThat(restored.memoryAddress()).isEqualTo(addressOf(after) + DISTANCE);
    }

    @Test
    void notesNothingWithoutMemory() {
        UnpooledUnsafeDirectByteBuf released = new UnpooledUnsafeDirectByteBuf(null, 0);

        codec.restore(released, codec.capture(new UnpooledUnsafeDirectByteBuf(null, 4711)));

        assertThat(released.memoryAddress()).isZero();
    }

    private static long addressOf(ByteBuffer buffer) {
        return Slot.of(Buffer.class, "address").getLong(buffer);
    }
}
