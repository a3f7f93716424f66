package dev.ingot.scheduler.spec;

import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.wire.ContentHash;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file while it is put together. Each setter refuses a value that cannot be by IllegalArgumentException. Not thread-safe. */
final class FileDraft {
    // No part begins with a dot, so none leads anywhere else, and none is hidden.
    private static final Pattern NAME = Pattern.compile(
            "[\\p{L}\\p{N}_+][\\p{L}\\p{N} ._+@-]{0,99}(/[\\p{L}\\p{N}_+][\\p{L}\\p{N} ._+@-]{0,99}){0,7}");

    private @Nullable String name;
    private @Nullable Path path;
    private @Nullable String sha256;
    private long bytes = -1;

    void name(String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'" + value + "' cannot be the name of a file of a workload: it is a relative"
                            + " path of letters, digits, spaces and ._+@- without parts that begin with a dot");
        }
        name = value;
    }

    void path(String value) {
        try {
            path = Path.of(value);
        } catch (InvalidPathException malformed) {
            throw new IllegalArgumentException("'" + value + "' is no path", malformed);
        }
        if (name == null) {
            name(String.valueOf(path.getFileName()));
        }
    }

    void sha256(String value) {
        if (!ContentHash.isHash(value)) {
            throw new IllegalArgumentException("'" + value + "' is no SHA-256 in 64 hexadecimal digits");
        }
        sha256 = value;
    }

    void bytes(long value) {
        if (value < 0 || value > ShippedFile.MOST_BYTES) {
            throw new IllegalArgumentException("a file has " + ShippedFile.MOST_BYTES + " bytes at most, not " + value);
        }
        bytes = value;
    }

    void addTo(WorkloadDraft draft) {
        if (name != null && path != null && sha256 == null && bytes < 0) {
            draft.file(new LocalFile(name, path));
        } else if (name != null && path == null && sha256 != null && bytes >= 0) {
            draft.file(new ShippedFile(name, sha256, bytes));
        } else {
            throw new IllegalArgumentException(
                    "a file needs 'path', of who submits it; or, once it was sent to the pool,"
                            + " 'name', 'sha256' and 'bytes'");
        }
    }
}
