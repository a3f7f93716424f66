package dev.ingot.core.image;

import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.KeyProvider;
import dev.ingot.core.seal.Seal;
import dev.ingot.core.seal.Sealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The seal beside a sealed image, the one file of an image that changes.
 *
 * <h2>Recovery</h2>
 *
 * A new seal is written beside the old one, forced to disk and renamed over it, so a crash leaves one of the two. What the old one
 * held is overwritten where it lay; a file system that writes elsewhere, or a disk that does, may keep it all the same.
 */
final class SealFile {
    private static final String NEW = ".seal-";

    private final Disk disk;
    private final Path image;
    private final Path file;

    SealFile(Disk disk, Path image) {
        this.disk = disk;
        this.image = image.toAbsolutePath().normalize();
        this.file = this.image.resolve(ImageHandle.SEAL);
    }

    static Seal read(Path image) throws ImageException {
        Path file = image.resolve(ImageHandle.SEAL);
        try {
            return Seal.parse(ImageFiles.read(file, Seal.MAX_BYTES));
        } catch (KeyException damaged) {
            throw ImageException.ofKey(image, damaged);
        } catch (IOException failure) {
            throw ImageException.whileReading(file, failure);
        }
    }

    private Seal require() throws ImageException {
        try {
            return read(image);
        } catch (ImageException failure) {
            if (failure.getCause() instanceof NoSuchFileException) {
                throw new ImageException(
                        ImageProblem.NOT_SEALED,
                        image,
                        "image " + image + " is not sealed, it has no key; delete it instead");
            }
            throw failure;
        }
    }

    boolean rewrap(@Nullable KeyProvider oldKey, KeyProvider newKey) throws ImageException {
        Seal seal = require();
        if (opens(seal, newKey)) {
            return false;
        }
        if (oldKey == null) {
            throw new ImageException(
                    ImageProblem.KEY, image, "image " + image + " is sealed; name its present key by --key");
        }
        try {
            // Not before the old key was seen to open the image: what is damaged stays as it is.
            Sealer sealer = Sealer.open(seal, oldKey);
            new ManifestReader(image.resolve(ImageHandle.SEALED_MANIFEST), sealer).checkedBytes();
            replace(sealer.rewrapped(newKey));
            return true;
        } catch (KeyException failure) {
            throw ImageException.ofKey(image, failure);
        }
    }

    // A server has one name for all versions of a key, so there the newest version has to be asked for anew each time.
    private boolean opens(Seal seal, KeyProvider newKey) throws ImageException {
        if (seal.key() != null && seal.key().provider().equals("vault")) {
            return false;
        }
        try {
            Sealer sealer = Sealer.open(seal, newKey);
            new ManifestReader(image.resolve(ImageHandle.SEALED_MANIFEST), sealer).checkedBytes();
            return true;
        } catch (KeyException another) {
            if (another.reason() == KeyException.Reason.UNAVAILABLE) {
                throw ImageException.ofKey(image, another);
            }
            return false;
        }
    }

    boolean erase() throws ImageException {
        Seal seal = require();
        if (seal.isErased()) {
            return false;
        }
        replace(seal.erased());
        return true;
    }

    private void replace(Seal seal) throws ImageException {
        Path fresh = image.resolve(NEW + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        try (FileChannel old = FileChannel.open(file, StandardOpenOption.WRITE)) {
            try {
                write(fresh, seal.toBytes());
                disk.move(fresh, file);
            } catch (IOException failure) {
                throw removed(fresh, failure);
            }
            disk.force(image);
            ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(old.size(), Seal.MAX_BYTES));
            while (zeros.hasRemaining()) {
                old.write(zeros);
            }
            old.force(true);
        } catch (IOException failure) {
            throw ImageException.whileWriting(file, failure);
        }
    }

    private IOException removed(Path fresh, IOException reason) {
        try {
            disk.deleteTree(fresh);
        } catch (IOException second) {
            reason.addSuppressed(second);
        }
        return reason;
    }

    private void write(Path fresh, byte[] bytes) throws IOException {
        try (Disk.Output output = disk.create(fresh)) {
            output.write(ByteBuffer.wrap(bytes));
            output.force();
        }
    }
}
