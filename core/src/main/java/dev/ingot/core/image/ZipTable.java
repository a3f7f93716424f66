package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The table of contents at the end of a zip file: names, sizes and checksums of all entries. */
final class ZipTable {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int SIZE_AT = 12;
    private static final int LARGEST = 64 << 20;

    private ZipTable() {}

    /** The bytes of the table; null if the file is no zip file, or one of a kind whose table lies elsewhere. */
    static byte @Nullable [] read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int tail = (int) Math.min(channel.size(), END_BYTES + LONGEST_COMMENT);
            ByteBuffer end = read(channel, channel.size() - tail, tail).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = tail - END_BYTES; at >= 0; at--) {
                if (end.getInt(at) == END) {
                    long size = Integer.toUnsignedLong(end.getInt(at + SIZE_AT));
                    long from = channel.size() - tail + at - size;
                    return size > LARGEST || from < 0
                            ? null
                            : read(channel, from, (int) size).array();
                }
            }
            return null;
        }
    }

    private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // Until the piece is there, or the file has become shorter meanwhile.
        }
        return bytes;
    }
}
