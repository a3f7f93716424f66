package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of RFC 7468: texts in Base64 between a line that says what they are and one that ends them. */
final class Pem {
    private static final int MAX_BYTES = 1 << 20;

    private Pem() {}

    /** The text of a file, whose end is not read if it is too long for keys. */
    static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes, which is no file of keys");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /**
     * What stands in the blocks of one kind, in their order.
     *
     * @param kind such as {@code PUBLIC KEY}
     * @throws IllegalArgumentException if one of them is not Base64
     */
    static List<byte[]> blocks(String text, String kind) {
        Pattern block = Pattern.compile("-----BEGIN " + kind + "-----([^-]*)-----END " + kind + "-----");
        List<byte[]> blocks = new ArrayList<>();
        for (Matcher matcher = block.matcher(text); matcher.find(); ) {
            blocks.add(Base64.getDecoder().decode(matcher.group(1).replaceAll("\\s", "")));
        }
        return blocks;
    }
}
