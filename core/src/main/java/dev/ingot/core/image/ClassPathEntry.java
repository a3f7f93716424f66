package dev.ingot.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A class-path entry as it was: enough to notice that it changed.
 *
 * @param size in bytes; of a directory 0, of a missing entry -1
 * @param sha256 of the content in hexadecimal, or null where nobody computed it
 */
public record ClassPathEntry(
        String path, long size, Instant modified, @Nullable String sha256) {

    /** Describes {@code path} as it is now, without reading its content. */
    public static ClassPathEntry of(Path path) throws IOException {
        if (!Files.exists(path)) {
            return new ClassPathEntry(path.toString(), -1, Instant.EPOCH, null);
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        long size = attributes.isDirectory() ? 0 : attributes.size();
        return new ClassPathEntry(
                path.toString(),
                size,
                Instant.ofEpochMilli(attributes.lastModifiedTime().toMillis()),
                null);
    }

    /** The same entry with the hash of its present content; a directory has none. */
    public ClassPathEntry withHash() throws IOException {
        Path file = Path.of(path);
        return Files.isRegularFile(file) ? new ClassPathEntry(path, size, modified, Sha256.ofFile(file)) : this;
    }
}
