package dev.ingot.core.image;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;

/**
 * Ids of images. An id is made of what the image holds and of when and where it was made, not drawn at random: the first use
 * of a secure random source costs a start-up and may wait for entropy.
 */
final class ImageId {
    private static final int LENGTH = 32;

    private ImageId() {}

    static String of(String name, long sequence, Instant created, List<SectionEntry> sections) {
        MessageDigest digest = Sha256.digest();
        String origin = name
                + '/'
                + sequence
                + '/'
                + created
                + '/'
                + ProcessHandle.current().pid()
                + '/'
                + System.nanoTime();
        digest.update(origin.getBytes(StandardCharsets.UTF_8));
        for (SectionEntry section : sections) {
            for (ChunkEntry chunk : section.chunks()) {
                digest.update(chunk.sha256().getBytes(StandardCharsets.UTF_8));
            }
        }
        return Sha256.text(digest).substring(0, LENGTH);
    }
}
