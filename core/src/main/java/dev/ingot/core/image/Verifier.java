package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkPlace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        for (ImageHandle earlier : image.before()) {
            requireChecksums(earlier);
        }
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
        for (ImageHandle earlier : image.before()) {
            verifyContents(earlier);
        }
        verifyLaunch();
        verifyContents(image);
        return new Verification(chunks, storedBytes, broken);
    }

    private void verifyContents(ImageHandle part) throws ImageException {
        verifyManifest(part);
        Path pack = part.pack();
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ);
                ChunkDecoder decoder = part.decoder()) {
            if (channel.size() != part.manifest().packBytes()) {
                broken.add(new BrokenPart(
                        pack,
                        Math.min(channel.size(), part.manifest().packBytes()),
                        "the file has " + channel.size() + " bytes instead of "
                                + part.manifest().packBytes()));
            }
            List<SectionEntry> sections = part.manifest().sections();
            for (int number = 0; number < sections.size(); number++) {
                SectionEntry section = sections.get(number);
                for (int i = 0; i < section.chunks().size(); i++) {
                    verify(section.chunks().get(i), new ChunkPlace(number, section.name(), i), pack, channel, decoder);
                }
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(pack, failure);
        }
    }

    /** What is wrong with the files beside the pack of an image in the clear. */
    static List<String> brokenFiles(CarriedImage image) throws IOException {
        Map<String, byte[]> files = image.files();
        Path home = Path.of(image.name(), image.directory());
        List<String> broken = new ArrayList<>();
        int own = image.packs().size() - 1;
        for (int pack = 0; pack <= own; pack++) {
            String place = pack == own ? "" : ImageHandle.before(pack) + '/';
            byte[] manifest = files.get(place + ImageHandle.MANIFEST);
            if (manifest != null) {
                byte[] launch = pack == own ? files.get(ImageHandle.LAUNCH) : null;
                broken.addAll(brokenFiles(
                        home.resolve(place + ImageHandle.MANIFEST),
                        manifest,
                        launch,
                        image.packs().get(pack)));
            }
        }
        return broken;
    }

    private static List<String> brokenFiles(
            Path file, byte[] manifestBytes, byte @Nullable [] launch, List<Piece> pieces) {
        List<String> broken = new ArrayList<>();
        try {
            Manifest manifest = new ManifestReader(file, null).parseChecked(manifestBytes);
            if (!ManifestTrailer.isHashRight(manifestBytes)) {
                broken.add(file + ": the hash of the manifest does not match");
            }
            if (launch != null && !Sha256.of(launch, launch.length).equals(manifest.launchSha256())) {
                broken.add(
                        file.resolveSibling(ImageHandle.LAUNCH) + ": the hash of the file does not match the manifest");
            }
            if (!LocalPack.pieces(manifest).equals(pieces)) {
                broken.add(file + ": the manifest speaks of another pack");
            }
        } catch (ImageException damaged) {
            broken.add(damaged.getMessage());
        }
        return broken;
    }

    private void verifyManifest(ImageHandle part) throws ImageException {
        Path file = part.manifestFile();
        if (!ManifestTrailer.isHashRight(part.manifestBytes())) {
            broken.add(new BrokenPart(file, 0, "the hash of the manifest does not match"));
        }
    }

    private void verifyLaunch() {
        try {
            image.launchBytes();
        } catch (ImageException damaged) {
            broken.add(new BrokenPart(image.launch(), 0, String.valueOf(damaged.getMessage())));
        }
    }

    private void verify(ChunkEntry chunk, ChunkPlace place, Path pack, FileChannel channel, ChunkDecoder decoder) {
        chunks++;
        try {
            byte[] stored = SectionInput.readStored(channel, pack, chunk);
            storedBytes += stored.length;
            decoder.decode(chunk, stored, place);
            if (!Sha256.of(stored, stored.length).equals(chunk.sha256())) {
                broken.add(new BrokenPart(
                        pack,
                        chunk.offset(),
                        "the hash of a chunk of section '" + place.sectionName() + "' does not match"));
            }
        } catch (ImageException damaged) {
            broken.add(new BrokenPart(
                    pack, chunk.offset(), "section '" + place.sectionName() + "': " + damaged.getMessage()));
        }
    }
}
