package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads files of an image that are read as a whole. */
final class ImageFiles {
    private static final List<String> CLEAR = List.of(ImageHandle.LAUNCH, ImageHandle.MANIFEST);
    private static final List<String> SEALED =
            List.of(ImageHandle.SEAL, ImageHandle.SEALED_LAUNCH, ImageHandle.SEALED_MANIFEST);

    private static final List<String> CLEAR_EARLIER = List.of(ImageHandle.MANIFEST);
    private static final List<String> SEALED_EARLIER = List.of(ImageHandle.SEALED_KEY, ImageHandle.SEALED_MANIFEST);

    private ImageFiles() {}

    /**
     * The files of an image beside its packs, in the order in which they are written.
     *
     * @param earlier how many images it goes on
     */
    static List<String> beside(boolean sealed, int earlier) {
        List<String> files = new ArrayList<>();
        for (int i = 0; i < earlier; i++) {
            for (String file : sealed ? SEALED_EARLIER : CLEAR_EARLIER) {
                files.add(ImageHandle.before(i) + '/' + file);
            }
        }
        files.addAll(sealed ? SEALED : CLEAR);
        return files;
    }

    /** The file that tells an image, or one within an image, from all others. */
    static String manifest(boolean sealed) {
        return sealed ? ImageHandle.SEALED_MANIFEST : ImageHandle.MANIFEST;
    }

    /**
     * The content of {@code file}.
     *
     * @throws ImageException if it has more than {@code most} bytes, or is no file
     */
    static byte[] read(Path file, long most) throws IOException {
        if (Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            // A pipe, for one, whose other end may never be opened.
            throw new ImageException(ImageProblem.INVALID, file, "cannot read " + file + ": it is no regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long size = channel.size();
            if (size > most) {
                throw new ImageException(
                        ImageProblem.INVALID,
                        file,
                        "cannot read " + file + ": a file of " + size + " bytes is above the limit of " + most);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until it is all there, or the file has become shorter meanwhile.
            }
            return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
        }
    }
}
