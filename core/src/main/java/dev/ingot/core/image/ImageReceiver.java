package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings an image from elsewhere into a store. It gets the place of its directory's name, in one step, once all of it is there and
 * was compared with its hashes.
 *
 * <h2>Recovery</h2>
 *
 * The pack grows in {@code NAME/.copying-DIRECTORY/}, piece after piece. When the copy is begun again, what is there already and has
 * the right hashes stays. The directory is one copier's alone while it has the pack locked.
 */
final class ImageReceiver {
    static final String COPYING = ".copying-";
    /** An earlier image's pack until it is complete; never one that another image has too. */
    private static final String GROWING = "chunks.growing";

    /**
     * The next image counts on from the highest number, so one that is near the end of all numbers would be the last one. No program
     * gets so far.
     */
    private static final long MOST_SEQUENCE = 1_000_000_000_000L;

    private final ImageStore store;
    private final Disk disk;
    private final CarriedImage image;
    private final @Nullable Path unpacked;
    private final Path home;
    private final Path temporary;
    private final List<List<Piece>> packs;
    private Map<String, byte[]> files = Map.of();
    private long reused;
    private long moved;

    /** @param unpacked a directory of the same file system whose packs, those of the image, may be taken away; null if there is none */
    ImageReceiver(ImageStore store, Disk disk, CarriedImage image, @Nullable Path unpacked) throws IOException {
        this.unpacked = unpacked;
        this.store = store;
        this.disk = disk;
        this.image = image;
        this.home = store.directory().resolve(ImageName.require(image.name()));
        this.temporary = home.resolve(COPYING + image.directory());
        this.packs = image.packs();
    }

    ImageCopy receive() throws IOException {
        if (!ImageStore.isImageDirectory(image.directory())) {
            throw misnamed();
        }
        Path place = home.resolve(image.directory());
        if (ImageDirectory.sequence(place) > MOST_SEQUENCE) {
            throw misnamed();
        }
        files = image.files();
        requireKnownFiles();
        if (Files.exists(place)) {
            requireSame(place);
            return new ImageCopy(place, false, 0, 0);
        }
        disk.createDirectories(temporary);
        try (Disk.Growing pack = StoreLock.holding(home, this::lockedPack);
                KnownPacks known = new KnownPacks(home)) {
            List<Integer> missing = linkEarlier(known);
            requireSpace(missing);
            for (int number : missing) {
                copyEarlier(number, known);
            }
            fill(pack, packs.size() - 1, known);
            pack.force();
            writeFiles();
            requireWhole();
            disk.force(temporary);
            store.adopt(home, temporary, place);
        }
        return new ImageCopy(place, true, moved, reused);
    }

    /** Two stores may give one name to different images: by number, within the same millisecond. */
    private void requireSame(Path place) throws IOException {
        String name = ImageFiles.manifest(files.containsKey(ImageHandle.SEAL));
        byte[] manifest = Objects.requireNonNull(files.get(name));
        Path there = place.resolve(name);
        if (!Files.isRegularFile(there)
                || Files.size(there) != manifest.length
                || !Arrays.equals(Files.readAllBytes(there), manifest)) {
            throw new ImageException(
                    ImageProblem.INVALID,
                    place,
                    "cannot copy image " + image.name() + "/" + image.directory()
                            + ": another image, or a damaged one, has its place, " + place);
        }
    }

    private ImageException misnamed() {
        return new ImageException(
                ImageProblem.INVALID,
                home,
                "'" + image.directory() + "' is not what the directory of an image is called");
    }

    /** Under the store's lock, so that no other copier comes before the pack that was moved here is locked. */
    private Disk.Growing lockedPack() throws IOException {
        if (unpacked != null) {
            growing().close();
            takeUnpacked(ImageHandle.PACK, temporary.resolve(ImageHandle.PACK));
        }
        return growing();
    }

    private Disk.Growing growing() throws IOException {
        Disk.Growing pack = disk.grow(temporary.resolve(ImageHandle.PACK));
        if (pack == null) {
            throw new ImageException(
                    ImageProblem.STORAGE,
                    temporary,
                    "another process is copying image " + image.directory() + " to " + home);
        }
        return pack;
    }

    private void takeUnpacked(String pack, Path place) {
        if (unpacked == null) {
            return;
        }
        try {
            disk.move(unpacked.resolve(pack), place);
        } catch (IOException ofAnotherFileSystem) {
            // It is copied then, and a disk that fails will say so there.
        }
    }

    private Path earlier(int number) {
        return temporary.resolve(ImageHandle.before(number));
    }

    /** Gives the packs of earlier images that are in the store already a further name; returns the numbers of the others. */
    private List<Integer> linkEarlier(KnownPacks known) throws IOException {
        List<Integer> missing = new ArrayList<>();
        for (int number = 0; number < packs.size() - 1; number++) {
            disk.createDirectories(earlier(number));
            Path pack = earlier(number).resolve(ImageHandle.PACK);
            if (KnownPacks.holds(pack, packs.get(number)) || isLinked(number, pack, known)) {
                reused += bytes(packs.get(number));
            } else {
                missing.add(number);
                takeUnpacked(
                        ImageHandle.before(number) + '/' + ImageHandle.PACK,
                        earlier(number).resolve(GROWING));
            }
        }
        return missing;
    }

    private boolean isLinked(int number, Path pack, KnownPacks known) throws IOException {
        // Of an earlier copy, and damaged since. It may be the pack of another image too, so it is not written to.
        disk.deleteTree(pack);
        String name = ImageFiles.manifest(files.containsKey(ImageHandle.SEAL));
        byte[] manifest = files.get(ImageHandle.before(number) + '/' + name);
        Path there = manifest == null ? null : known.find(name, manifest, packs.get(number));
        if (there == null) {
            return false;
        }
        try {
            disk.link(there, pack);
            return true;
        } catch (IOException noLinksOrPruned) {
            // It is copied then, and a disk that fails will say so there.
            return false;
        }
    }

    private void copyEarlier(int number, KnownPacks known) throws IOException {
        Path growing = earlier(number).resolve(GROWING);
        try (Disk.Growing pack = disk.grow(growing)) {
            if (pack == null) {
                throw new ImageException(ImageProblem.STORAGE, growing, "another process has " + growing + " locked");
            }
            fill(pack, number, known);
            pack.force();
        }
        disk.move(growing, earlier(number).resolve(ImageHandle.PACK));
    }

    private void requireSpace(List<Integer> missing) throws IOException {
        long bytes = bytes(packs.get(packs.size() - 1)) - sizeOf(temporary.resolve(ImageHandle.PACK));
        for (int number : missing) {
            bytes += bytes(packs.get(number)) - sizeOf(earlier(number).resolve(GROWING));
        }
        store.requireSpace(home, Math.max(0, bytes));
    }

    private static long bytes(List<Piece> pack) {
        return pack.stream().mapToLong(Piece::bytes).sum();
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private void fill(Disk.Growing pack, int number, KnownPacks known) throws IOException {
        List<Piece> pieces = packs.get(number);
        long offset = 0;
        int next = 0;
        while (next < pieces.size() && isThere(pack, offset, pieces.get(next))) {
            offset += pieces.get(next).bytes();
            reused += pieces.get(next).bytes();
            next++;
        }
        pack.truncate(offset);
        for (; next < pieces.size(); next++) {
            Piece piece = pieces.get(next);
            byte[] content = known.find(piece);
            if (content == null) {
                content = moved(number, next);
                moved += piece.bytes();
            } else {
                reused += piece.bytes();
            }
            pack.write(ByteBuffer.wrap(content));
        }
    }

    private byte[] moved(int pack, int piece) throws IOException {
        byte[] content = image.read(pack, piece);
        if (!packs.get(pack).get(piece).is(content)) {
            throw new ImageException(
                    ImageProblem.CORRUPT,
                    temporary,
                    "cannot copy image " + image.name() + "/" + image.directory() + ": piece " + piece + " of pack "
                            + pack + " is not what its hash says; the image is damaged where it lies");
        }
        return content;
    }

    private static boolean isThere(Disk.Growing pack, long offset, Piece piece) throws IOException {
        if (offset + piece.bytes() > pack.size()) {
            return false;
        }
        ByteBuffer content = ByteBuffer.allocate(piece.bytes());
        while (content.hasRemaining()) {
            if (pack.read(content, offset + content.position()) < 0) {
                return false;
            }
        }
        return piece.is(content.array());
    }

    private void writeFiles() throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = temporary.resolve(file.getKey());
            disk.deleteTree(path);
            try (Disk.Output output = disk.create(path)) {
                output.write(ByteBuffer.wrap(file.getValue()));
                output.force();
            }
        }
        for (int number = 0; number < packs.size() - 1; number++) {
            // What an earlier copy left, whose pack was linked in the end.
            disk.deleteTree(earlier(number).resolve(GROWING));
            disk.force(earlier(number));
        }
    }

    private void requireKnownFiles() throws ImageException {
        List<String> expected = ImageFiles.beside(files.containsKey(ImageHandle.SEAL), packs.size() - 1);
        if (!expected.equals(List.copyOf(files.keySet()))) {
            throw new ImageException(
                    ImageProblem.INVALID,
                    temporary,
                    "an image that goes on " + (packs.size() - 1) + " others has the files " + expected + ", not "
                            + files.keySet());
        }
    }

    /** That the manifests speak of these pieces. Those of a sealed image are for whoever has the key. */
    private void requireWhole() throws ImageException {
        if (store.isOfSigned()) {
            // With the key of a sealed one: who has signed it is said within.
            ImageHandle signed = store.openAny(temporary);
            assert signed.signer() != null;
        }
        if (!files.containsKey(ImageHandle.SEAL)) {
            ImageHandle handle = ImageStore.open(temporary);
            handle.requireFiles();
            List<List<Piece>> said = new ArrayList<>();
            handle.before().forEach(earlier -> said.add(LocalPack.pieces(earlier.manifest())));
            said.add(LocalPack.pieces(handle.manifest()));
            if (!said.equals(packs)) {
                throw new ImageException(
                        ImageProblem.CORRUPT,
                        temporary,
                        "the manifest of " + image.directory() + " speaks of another pack");
            }
        } else if (!ImageOpener.isWhole(temporary)
                || SealFile.read(temporary).beforeBytes().size() != packs.size() - 1) {
            throw new ImageException(
                    ImageProblem.INCOMPLETE,
                    temporary,
                    "the sealed image " + image.directory() + " is not complete where it lies");
        }
    }
}
