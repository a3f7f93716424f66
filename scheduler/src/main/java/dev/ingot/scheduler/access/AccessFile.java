package dev.ingot.scheduler.access;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The file of a pool's grants: JSON, readable for its owner alone, and replaced as a whole. Thread-safe, also among processes. */
public record AccessFile(Path path) {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * All grants; none where there is no file.
     *
     * @throws IOException if it cannot be read, or is not such a file
     */
    public List<Grant> read() throws IOException {
        String text;
        try {
            text = Files.readString(path);
        } catch (NoSuchFileException none) {
            return List.of();
        }
        try {
            List<Grant> grants = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonObject grant : JsonObject.parse(text).objects("grants")) {
                grants.add(Grant.read(grant));
            }
            for (Grant grant : grants) {
                if (!names.add(grant.identity().name())) {
                    throw new IOException(path + " names " + grant.identity().name() + " twice");
                }
            }
            return grants;
        } catch (JsonException | IllegalArgumentException malformed) {
            throw new IOException("cannot read the grants in " + path + ": " + malformed.getMessage(), malformed);
        }
    }

    /** Replaces the grants by what becomes of them, while no other process does. */
    public void change(UnaryOperator<List<Grant>> change) throws IOException {
        Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(
                        lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("cannot lock " + lockFile);
            }
            write(change.apply(read()));
        }
    }

    private void write(List<Grant> grants) throws IOException {
        JsonWriter json = JsonWriter.indented().list("grants");
        for (Grant grant : grants) {
            grant.write(json.element());
            json.end();
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, OWNER_ONLY);
        Files.write(fresh, (json.endList().finish() + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
