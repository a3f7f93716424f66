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
 * @param sha256 of a jar's table of contents, which has the checksums of all that is in it, of any other file the content;
 *     in hexadecimal, or null where nobody computed it
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
        return Files.isRegularFile(file) ? new ClassPathEntry(path, size, modified, hash(file)) : this;
    }

    /** How the entry differs from what lies at its path now; null if it does not, as far as a class loader is concerned. */
    public @Nullable String difference() throws IOException {
        ClassPathEntry now = of(Path.of(path));
        if (now.size < 0) {
            return size < 0 ? null : "is missing";
        }
        if (size < 0) {
            return "was missing and is there now";
        }
        boolean same = size == now.size && (modified.equals(now.modified) || Files.isDirectory(Path.of(path)));
        if (same || (sha256 != null && sha256.equals(now.withHash().sha256))) {
            return null;
        }
        return size == now.size
                ? "changed (modified " + now.modified + ")"
                : "changed (" + size + " bytes then, " + now.size + " now)";
    }

    private static String hash(Path file) throws IOException {
        byte[] table = ZipTable.read(file);
        return table == null ? Sha256.ofFile(file) : Sha256.of(table, table.length);
    }
}
