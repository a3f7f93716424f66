package dev.ingot.benchmarks.heap;

import dev.ingot.core.handover.ElementOutput;
import dev.ingot.core.jvm.Memory;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Keeps written bytes in blocks that are used again, so that no engine pays for memory of its own. Not thread-safe. */
final class ByteStore {
    private static final int BLOCK = 1 << 20;

    private final List<byte[]> blocks = new ArrayList<>();
    private long size;

    long size() {
        return size;
    }

    /** Forgets what was written; the memory stays. */
    ElementOutput output() {
        size = 0;
        return new ElementOutput() {
            @Override
            public void write(int value) {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                append(bytes, Memory.BYTE_BASE + offset, length);
            }

            @Override
            public void writeElements(Object array, long offset, long bytes) {
                append(array, offset, bytes);
            }
        };
    }

    private void append(Object array, long offset, long length) {
        long done = 0;
        while (done < length) {
            int block = (int) (size / BLOCK);
            int at = (int) (size % BLOCK);
            if (block == blocks.size()) {
                blocks.add(new byte[BLOCK]);
            }
            long part = Math.min(length - done, BLOCK - at);
            Memory.copyElements(array, offset + done, blocks.get(block), Memory.BYTE_BASE + at, part, 0);
            done += part;
            size += part;
        }
    }

    InputStream input() {
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (position == size) {
                    return -1;
                }
                int at = (int) (position % BLOCK);
                int part = (int) Math.min(Math.min(length, BLOCK - at), size - position);
                System.arraycopy(blocks.get((int) (position / BLOCK)), at, bytes, offset, part);
                position += part;
                return part;
            }
        };
    }
}
