package dev.ingot.store;

import dev.ingot.core.image.Piece;
import java.time.Instant;
import java.util.List;

/**
 * A complete image of a repository.
 *
 * @param directory the name of its directory where it was made
 * @param created when it was made, by that name
 * @param packs the pieces of its packs: of the images that it goes on, and its own
 */
public record RemoteImage(String name, String directory, Instant created, List<List<Piece>> packs, boolean sealed) {
    public RemoteImage {
        packs = packs.stream().map(List::copyOf).toList();
    }

    /** Size of the pack that is its own. */
    public long bytes() {
        return packs.get(packs.size() - 1).stream().mapToLong(Piece::bytes).sum();
    }

    /** Of how many pieces its packs are. */
    public int pieces() {
        return packs.stream().mapToInt(List::size).sum();
    }

    @Override
    public String toString() {
        return name + "/" + directory;
    }
}
