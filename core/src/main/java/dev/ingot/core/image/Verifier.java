package dev.ingot.core.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads and hashes every byte of an image. */
final class Verifier {
    private final ImageHandle image;
    private final List<BrokenPart> broken = new ArrayList<>();
    private long chunks;
    private long storedBytes;

    Verifier(ImageHandle image) {
        this.image = image;
    }

    /**
     * Reads every chunk and compares its checksum, which is what a later read of it would check.
     *
     * @throws ImageException for the first chunk that is damaged
     */
    static void requireChecksums(ImageHandle image) throws ImageException {
        Path pack = image.pack();
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ)) {
            for (SectionEntry section : image.manifest().sections()) {
                for (ChunkEntry chunk : section.chunks()) {
                    ChunkDecoder.requireChecksum(pack, chunk, SectionInput.readStored(channel, pack, chunk));
                }
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(pack, failure);
        }
    }

    Verification verify() throws ImageException {
        verifyManifest();
        verifyLaunch();
        Path pack = image.pack();
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ);
                ChunkDecoder decoder = new ChunkDecoder(pack)) {
            if (channel.size() != image.manifest().packBytes()) {
                broken.add(new BrokenPart(
                        pack,
                        Math.min(channel.size(), image.manifest().packBytes()),
                        "the file has " + channel.size() + " bytes instead of "
                                + image.manifest().packBytes()));
            }
            for (SectionEntry section : image.manifest().sections()) {
                for (ChunkEntry chunk : section.chunks()) {
                    verify(chunk, section.name(), channel, decoder);
                }
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(pack, failure);
        }
        return new Verification(chunks, storedBytes, broken);
    }

    private void verifyManifest() throws ImageException {
        Path file = image.directory().resolve(ImageHandle.MANIFEST);
        if (!ManifestSeal.isHashRight(new ManifestReader(file).sealedBytes())) {
            broken.add(new BrokenPart(file, 0, "the hash of the manifest does not match"));
        }
    }

    private void verifyLaunch() {
        Path file = image.directory().resolve(ImageHandle.LAUNCH);
        try {
            if (!Sha256.ofFile(file).equals(image.manifest().launchSha256())) {
                broken.add(new BrokenPart(file, 0, "the hash of the file does not match the manifest"));
            }
        } catch (IOException unreadable) {
            broken.add(new BrokenPart(file, 0, "the file cannot be read: " + unreadable.getMessage()));
        }
    }

    private void verify(ChunkEntry chunk, String section, FileChannel channel, ChunkDecoder decoder) {
        Path pack = image.pack();
        chunks++;
        try {
            byte[] stored = SectionInput.readStored(channel, pack, chunk);
            storedBytes += stored.length;
            decoder.decode(chunk, stored);
            if (!Sha256.of(stored, stored.length).equals(chunk.sha256())) {
                broken.add(new BrokenPart(
                        pack, chunk.offset(), "the hash of a chunk of section '" + section + "' does not match"));
            }
        } catch (ImageException damaged) {
            broken.add(new BrokenPart(pack, chunk.offset(), "section '" + section + "': " + damaged.getMessage()));
        }
    }
}
