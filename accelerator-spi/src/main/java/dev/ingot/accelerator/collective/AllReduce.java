package dev.ingot.accelerator.collective;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.DeviceBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Gives buffers of several devices their common sum, such as the slopes that each device found in its share of a batch.
 *
 * <p>The additions are a binary tree over the places in the list: 0 + 1, 2 + 3, …, then the sums of these, and so on. The outcome
 * depends on the list alone, not on which devices the buffers are on or how many these are; so shares that are spread over other
 * devices after a move give the same to the bit.
 *
 * <p>The content goes through the memory of the program, a piece of each buffer at a time. An image that is taken in between goes on
 * there. Wait for the commands that write the buffers first. Stateless; thread-safe for different buffers.
 */
public final class AllReduce {
    private static final int PIECE_BYTES = 1 << 20;

    private AllReduce() {}

    /**
     * Replaces the content of every buffer by the sum of all, element by element.
     *
     * @param parts buffers of 32-bit floats, all of one size; may be on the same device or on different ones
     * @throws IllegalArgumentException if the sizes differ or are no multiple of 4
     * @throws DeviceFault if a device fails; some buffers may have their sum then and others not
     */
    public static void sumF32(List<DeviceBuffer> parts) throws DeviceFault, InterruptedException {
        if (parts.isEmpty()) {
            return;
        }
        long bytes = parts.get(0).bytes();
        for (DeviceBuffer part : parts) {
            if (part.bytes() != bytes || bytes % Float.BYTES != 0) {
                throw new IllegalArgumentException("cannot add floats of " + part + " with " + part.bytes()
                        + " bytes to " + parts.get(0) + " with " + bytes);
            }
        }
        int most = (int) Math.min(bytes, PIECE_BYTES);
        ByteBuffer[] pieces = new ByteBuffer[parts.size()];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = ByteBuffer.allocate(most).order(ByteOrder.LITTLE_ENDIAN);
        }
        for (long offset = 0; offset < bytes; offset += most) {
            int length = (int) Math.min(most, bytes - offset);
            for (int i = 0; i < pieces.length; i++) {
                parts.get(i).read(offset, pieces[i].position(0).limit(length));
            }
            sum(pieces, length);
            for (DeviceBuffer part : parts) {
                part.write(offset, pieces[0].position(0).limit(length));
            }
        }
    }

    /** Leaves the sum in the first piece. */
    private static void sum(ByteBuffer[] pieces, int length) {
        for (int stride = 1; stride < pieces.length; stride *= 2) {
            for (int i = 0; i + stride < pieces.length; i += 2 * stride) {
                add(floats(pieces[i], length), floats(pieces[i + stride], length));
            }
        }
    }

    private static FloatBuffer floats(ByteBuffer piece, int length) {
        return piece.position(0).limit(length).asFloatBuffer();
    }

    private static void add(FloatBuffer sum, FloatBuffer other) {
        for (int i = 0; i < sum.limit(); i++) {
            sum.put(i, sum.get(i) + other.get(i));
        }
    }
}
