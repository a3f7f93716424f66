package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.backend.NativeImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The content of a card's native image: which step it is in, then what the core holds. A step is told by its circuit, what it takes of the
 * card's memory and its arguments, which say where in that memory everything lies.
 */
final class Snapshot {

    private Snapshot() {}

    /** An image of a core that works on this job. */
    static NativeImage of(String build, Job job, long first, long end, byte[] state) {
        byte[] step = step(job, first, end);
        return NativeImage.of(
                build,
                ByteBuffer.allocate(step.length + state.length)
                        .put(step)
                        .put(state)
                        .array());
    }

    /**
     * What a core is to hold to go on with this job.
     *
     * @throws IllegalArgumentException if the image is damaged, of another build or of another step; says which
     */
    static byte[] state(NativeImage image, String build, Job job, long first, long end) {
        if (!image.build().equals(build)) {
            throw new IllegalArgumentException(
                    "the native state is of build " + image.build() + ", the card of " + build);
        }
        if (!image.isIntact()) {
            throw new IllegalArgumentException("the native state is damaged");
        }
        byte[] step = step(job, first, end);
        ByteBuffer content = image.content();
        if (content.remaining() < step.length || !content.slice(0, step.length).equals(ByteBuffer.wrap(step))) {
            throw new IllegalArgumentException("the native state is of another step");
        }
        byte[] state = new byte[content.remaining() - step.length];
        content.get(step.length, state);
        return state;
    }

    private static byte[] step(Job job, long first, long end) {
        byte[] design = job.core().design().getBytes(StandardCharsets.UTF_8);
        int[] arguments = job.arguments();
        ByteBuffer step = ByteBuffer.allocate(
                        Integer.BYTES + design.length + 3 * Long.BYTES + Integer.BYTES * (1 + arguments.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        step.putInt(design.length).put(design);
        step.putLong(job.memoryBytes()).putLong(first).putLong(end);
        step.putInt(arguments.length);
        for (int argument : arguments) {
            step.putInt(argument);
        }
        return step.array();
    }
}
