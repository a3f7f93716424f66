package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import java.nio.ByteBuffer;

/** Something a queue does. There are no callbacks of the host: they could not be captured. Immutable. */
public sealed interface Command permits Kernel, Command.Copy, Command.Fill {

    /** How much there is to do, in units that can be done one after the other. */
    long items();

    /**
     * Copies bytes between two buffers of one device, or within one where the ranges do not overlap.
     *
     * @param bytes how many
     */
    record Copy(DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset, long bytes)
            implements Command {
        public Copy {
            source.requireRange(sourceOffset, bytes);
            target.requireRange(targetOffset, bytes);
            if (source == target && Math.abs(sourceOffset - targetOffset) < bytes) {
                throw new IllegalArgumentException("cannot copy " + bytes + " bytes from " + sourceOffset + " to "
                        + targetOffset + " of " + source + ": the ranges overlap");
            }
        }

        @Override
        public long items() {
            return bytes;
        }

        void copy(long from, long to) throws DeviceFault {
            ByteBuffer content = ByteBuffer.allocate((int) (to - from));
            source.memory().read(sourceOffset + from, content);
            target.memory().write(targetOffset + from, content.flip());
            target.touch(targetOffset + from, to - from);
        }
    }

    /** Sets bytes to one value. */
    record Fill(DeviceBuffer target, long offset, long bytes, byte value) implements Command {
        public Fill {
            target.requireRange(offset, bytes);
        }

        @Override
        public long items() {
            return bytes;
        }

        void fill(long from, long to) throws DeviceFault {
            byte[] content = new byte[(int) (to - from)];
            java.util.Arrays.fill(content, value);
            target.memory().write(offset + from, ByteBuffer.wrap(content));
            target.touch(offset + from, to - from);
        }
    }
}
