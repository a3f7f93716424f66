package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** All the bytes of a file, as the image carries them. */
final class FileContent {
    private final byte[] bytes;

    FileContent(byte[] bytes) {
        this.bytes = bytes;
    }

    static FileContent of(Path file) throws IOException {
        return new FileContent(Files.readAllBytes(file));
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isIn(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
    }

    /** In place: a new file under the same name would part from other descriptors and links of the old one. */
    void writeTo(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.truncate(bytes.length);
        }
    }
}
