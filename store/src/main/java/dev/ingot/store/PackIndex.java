package dev.ingot.store;

import dev.ingot.core.image.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of an image's packs in their order, as text: a line that names the format, then hash and length of one piece a line. An image
 * that goes on others has more than one pack, and the second format, in which each pack begins with a line of its own.
 */
final class PackIndex {
    static final long MAX_BYTES = 64L << 20;

    private static final String ONE_PACK = "ingot-pack-1";
    private static final String PACKS = "ingot-pack-2";
    private static final String PACK = "pack";

    private PackIndex() {}

    static byte[] write(List<List<Piece>> packs) {
        StringBuilder text = new StringBuilder(packs.size() == 1 ? ONE_PACK : PACKS).append('\n');
        for (List<Piece> pieces : packs) {
            if (packs.size() > 1) {
                text.append(PACK).append('\n');
            }
            for (Piece piece : pieces) {
                text.append(piece.sha256()).append(' ').append(piece.bytes()).append('\n');
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static List<List<Piece>> parse(String key, byte[] bytes) throws IOException {
        List<String> lines =
                new String(bytes, StandardCharsets.US_ASCII).lines().toList();
        String format = lines.isEmpty() ? "" : lines.get(0);
        if (!format.equals(ONE_PACK) && !format.equals(PACKS)) {
            throw new IOException("object " + key + " is not the index of a pack, or of a newer format");
        }
        List<List<Piece>> packs = new ArrayList<>();
        if (format.equals(ONE_PACK)) {
            packs.add(new ArrayList<>());
        }
        int number = 1;
        try {
            for (String line : lines.subList(1, lines.size())) {
                number++;
                if (format.equals(PACKS) && line.equals(PACK)) {
                    packs.add(new ArrayList<>());
                } else {
                    packs.get(packs.size() - 1).add(piece(line));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new IOException("object " + key + " is damaged: line " + number, malformed);
        }
        if (packs.isEmpty()) {
            throw new IOException("object " + key + " is damaged: it has no pack");
        }
        return packs;
    }

    private static Piece piece(String line) {
        int space = line.indexOf(' ');
        return new Piece(line.substring(0, space), Integer.parseInt(line.substring(space + 1)));
    }
}
