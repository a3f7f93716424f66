package dev.ingot.core.image;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A complete image that is to be taken to another place: its packs in pieces, in their order, and its other files. Nothing of it
 * needs a key. Not thread-safe.
 */
public interface CarriedImage extends AutoCloseable {
    /** The name the image belongs to. */
    String name();

    /** The name of its directory. */
    String directory();

    /** The pieces of each pack: those of the earlier images that this one goes on, oldest first, and then its own. */
    List<List<Piece>> packs();

    /** Reads a piece of a pack; whoever takes it compares its hash. */
    byte[] read(int pack, int piece) throws IOException;

    /** The other files, in the order in which they have to be written: the manifest comes last. */
    Map<String, byte[]> files() throws IOException;

    /** All pieces of all packs. */
    default List<Piece> pieces() {
        return packs().stream().flatMap(List::stream).toList();
    }

    /**
     * The names of the other files, in the order in which they have to be written.
     *
     * @param earlier how many images this one goes on
     */
    static List<String> fileNames(boolean sealed, int earlier) {
        return ImageFiles.beside(sealed, earlier);
    }

    @Override
    void close() throws IOException;
}
