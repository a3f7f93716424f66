package dev.ingot.scheduler.wire;

import dev.ingot.core.image.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The pieces of an image's packs as text: hash and length, one a line, and an empty line between two packs. */
public final class PieceList {
    private PieceList() {}

    public static String text(List<List<Piece>> packs) {
        StringBuilder text = new StringBuilder();
        for (List<Piece> pieces : packs) {
            text.append(text.isEmpty() ? "" : "\n");
            for (Piece piece : pieces) {
                text.append(piece.sha256()).append(' ').append(piece.bytes()).append('\n');
            }
        }
        return text.toString();
    }

    /**
     * The pieces that a text names, of at least one pack.
     *
     * @throws IOException if it is no such list
     */
    public static List<List<Piece>> parse(String text) throws IOException {
        List<List<Piece>> packs = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        packs.add(pieces);
        int number = 0;
        try {
            for (String line : text.lines().toList()) {
                number++;
                if (line.isEmpty()) {
                    pieces = new ArrayList<>();
                    packs.add(pieces);
                    continue;
                }
                int space = line.indexOf(' ');
                pieces.add(new Piece(line.substring(0, space), Integer.parseInt(line.substring(space + 1))));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new IOException("line " + number + " names no piece of an image", malformed);
        }
        return packs;
    }
}
