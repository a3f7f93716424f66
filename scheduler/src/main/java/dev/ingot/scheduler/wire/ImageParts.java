package dev.ingot.scheduler.wire;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.seal.Seal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What an image is made of between a node and the control process, beside the files of {@code CarriedImage.fileNames}. A part of an
 * earlier image that it goes on has a colon where its file has a slash.
 */
public final class ImageParts {
    /** Its {@link PieceList}. */
    public static final String INDEX = "index";
    /** A piece on its way to the pool, known by its hash. */
    public static final String PIECE = "piece";
    /** All pieces of a pack one behind the other, on their way from the pool. */
    public static final String PACK = "pack";
    /** The most bytes of a part in a request or an answer. */
    public static final int MOST_BYTES = 1 << 20;

    /** The most bytes of a part that one answer has. */
    public static final int MOST_READ_BYTES = 2 * MOST_BYTES;

    private static final String PACK_FILE = "chunks.pack";
    private static final Set<String> FILES = files();

    private ImageParts() {}

    private static Set<String> files() {
        Set<String> files = new HashSet<>();
        for (boolean sealed : new boolean[] {false, true}) {
            for (String file : CarriedImage.fileNames(sealed, Seal.MAX_BEFORE)) {
                files.add(ofFile(file));
            }
        }
        return Set.copyOf(files);
    }

    /** Whether a part is a file of an image other than a pack. */
    public static boolean isFile(String part) {
        return FILES.contains(part);
    }

    /** The part that a file of an image is. */
    public static String ofFile(String file) {
        return file.replace('/', ':');
    }

    /** The file of an image that a part is. */
    public static String file(String part) {
        String file = part.replace(':', '/');
        return isPack(part) ? file.substring(0, file.length() - PACK.length()) + PACK_FILE : file;
    }

    /** Whether a part is the image's own pack or that of one that it goes on. */
    public static boolean isPack(String part) {
        if (part.equals(PACK)) {
            return true;
        }
        return part.endsWith(':' + PACK) && isFile(part.substring(0, part.length() - PACK.length()) + "manifest.json");
    }

    /**
     * Reads bytes of a part of an image.
     *
     * @param image its directory
     * @param part a file or a pack
     * @return at most {@code length}; fewer only at the end of the part
     * @throws java.nio.file.NoSuchFileException if it has no such part
     */
    public static byte[] read(Path image, String part, long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(image.resolve(file(part)))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, channel.size() - from)));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // Until it is all there.
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /** The part that a pack is. */
    public static String ofPack(int pack, int packs) {
        return pack == packs - 1 ? PACK : "before-" + pack + ':' + PACK;
    }
}
