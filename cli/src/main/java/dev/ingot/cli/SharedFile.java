package dev.ingot.cli;

import dev.ingot.scheduler.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** A small file of this machine that has a copy beside a journal, for other machines. Not thread-safe. */
final class SharedFile {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final String name;
    private byte[] published = {};

    SharedFile(Path file) {
        this.file = file;
        this.name = String.valueOf(file.getFileName());
    }

    /** Has the file be what the copy is, if there is one. */
    void receive(Storage journal) throws IOException {
        byte[] copy;
        try (Storage.Content content = journal.openToRead(name)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(content.size()));
            content.read(bytes, 0);
            copy = bytes.array();
        } catch (NoSuchFileException none) {
            return;
        }
        if (!Arrays.equals(copy, local())) {
            Path fresh = file.resolveSibling(name + ".received");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, OWNER_ONLY);
            Files.write(fresh, copy);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        published = copy;
    }

    /** Has the copy be what the file is. */
    void publish(Storage journal) throws IOException {
        byte[] content = local();
        if (Arrays.equals(content, published)) {
            return;
        }
        String fresh = name + ".new";
        try (Storage.Content copy = journal.open(fresh)) {
            copy.truncate(0);
            copy.write(ByteBuffer.wrap(content), 0);
            copy.force();
        }
        journal.rename(fresh, name);
        published = content;
    }

    private byte[] local() throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }
}
