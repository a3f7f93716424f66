package dev.ingot.scheduler.control;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Piece;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.ImageParts;
import dev.ingot.scheduler.wire.PieceList;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Images and output that nodes bring which do not share the pool's disk, and images that they fetch. Thread-safe.
 *
 * <pre>
 * workloads/ID/incoming/IMAGE/index        what the image is made of
 * workloads/ID/incoming/IMAGE/FILE         its files beside the pack
 * workloads/ID/incoming/pieces/SHA         pieces that no other image of the workload has
 * </pre>
 *
 * What has come stays until the image is whole, however often the node or this process is killed in between, and what a newer one has of
 * it as well when that is brought instead. Then it is put together and
 * compared with its hashes, and is an image like those of the nodes that share the disk.
 */
final class ImageDepot {
    private static final int STRIPES = 64;
    private static final int MOST_MISSING = 4096;
    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final String PIECES = "pieces";

    private final PoolDirectory directory;
    private final List<Stripe> stripes =
            Stream.generate(Stripe::new).limit(STRIPES).toList();

    /** The lock of some of the workloads, of which one thing is done after the other. */
    private static final class Stripe {
        /** What is on its way, as asked for last. */
        private @Nullable Expected expected;
    }

    /** @param hashes of the pieces that may come: of others, a node could bring as many as the disk holds */
    private record Expected(Path staging, Set<String> hashes) {}

    ImageDepot(PoolDirectory directory) {
        this.directory = directory;
    }

    private Stripe stripe(String workload) {
        return stripes.get(Math.floorMod(workload.hashCode(), STRIPES));
    }

    private Path incoming(String workload) {
        return directory.workload(workload).resolve("incoming");
    }

    /** Takes bytes of one part of an image. */
    void take(String workload, String image, String part, long from, byte[] content) throws IOException {
        Stripe stripe = stripe(workload);
        synchronized (stripe) {
            Path staging = incoming(workload).resolve(image);
            if (!Files.exists(staging)) {
                deleteOthers(workload);
                PoolDirectory.createOwned(staging);
            }
            if (part.equals(ImageParts.PIECE)) {
                String hash = ContentHash.of(content);
                if (!expected(stripe, workload, staging).contains(hash)) {
                    throw new Refusal(Reply.CONFLICT, "image " + image + " of " + workload + " has no such piece");
                }
                Files.write(incoming(workload).resolve(PIECES).resolve(hash), content);
            } else {
                stripe.expected = null;
                append(staging.resolve(part), from, content);
            }
        }
    }

    /** A node brings one image at a time: another one that had been begun has been given up. */
    private void deleteOthers(String workload) throws IOException {
        if (Files.exists(incoming(workload))) {
            for (Path other : entries(incoming(workload))) {
                if (!other.endsWith(PIECES)) {
                    PoolDirectory.delete(other);
                }
            }
        }
    }

    private static List<Path> entries(Path place) throws IOException {
        try (Stream<Path> entries = Files.list(place)) {
            return entries.toList();
        }
    }

    private Set<String> expected(Stripe stripe, String workload, Path staging) throws IOException {
        Expected known = stripe.expected;
        if (known == null || !known.staging().equals(staging)) {
            Set<String> hashes = new HashSet<>();
            String image = String.valueOf(staging.getFileName());
            staged(workload, image).pieces().forEach(piece -> hashes.add(piece.sha256()));
            Path pieces = incoming(workload).resolve(PIECES);
            PoolDirectory.createOwned(pieces);
            for (Path piece : entries(pieces)) {
                if (!hashes.contains(String.valueOf(piece.getFileName()))) {
                    Files.delete(piece);
                }
            }
            known = new Expected(staging, hashes);
            stripe.expected = known;
        }
        return known.hashes();
    }

    private Staged staged(String workload, String image) throws IOException {
        return new Staged(
                workload,
                image,
                incoming(workload).resolve(image),
                incoming(workload).resolve(PIECES));
    }

    private static void append(Path file, long from, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (from > channel.size() || from + content.length > MAX_FILE_BYTES) {
                throw new Refusal(Reply.CONFLICT, file.getFileName() + " has come up to byte " + channel.size());
            }
            channel.truncate(from);
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes, from + bytes.position());
            }
        }
    }

    /**
     * Makes an image of what has come, unless something of it is missing.
     *
     * @return the numbers of pieces that are nowhere in the pool, some of them if they are many; none if the image is whole and durable
     */
    List<Integer> complete(String workload, String image) throws IOException {
        Stripe stripe = stripe(workload);
        synchronized (stripe) {
            ImageStore store = ImageStore.at(directory.images(workload));
            if (!ImageStore.isImage(directory.images(workload).resolve(workload).resolve(image))) {
                Staged staged = staged(workload, image);
                List<Integer> missing = staged.missing(known(store, workload));
                if (!missing.isEmpty()) {
                    requireRoom(staged, missing);
                    return missing;
                }
                PoolDirectory.createOwned(directory.images(workload));
                try {
                    store.receive(staged);
                } catch (ImageException failure) {
                    if (staged.lost < 0) {
                        throw failure;
                    }
                    return List.of(staged.lost);
                }
            }
            // Also of what an earlier epoch did not bring to its end.
            stripe.expected = null;
            PoolDirectory.delete(incoming(workload));
            return List.of();
        }
    }

    private void requireRoom(Staged image, List<Integer> missing) throws IOException {
        List<Piece> pieces = image.pieces();
        long bytes =
                missing.stream().mapToLong(number -> pieces.get(number).bytes()).sum();
        if (Files.getFileStore(directory.path()).getUsableSpace() < bytes) {
            throw new Refusal(
                    Reply.INSUFFICIENT_STORAGE,
                    "the pool's disk has no room for image " + image.directory() + " of " + image.name());
        }
    }

    private static Set<String> known(ImageStore store, String workload) throws IOException {
        Set<String> known = new HashSet<>();
        for (Path other : store.directories(workload)) {
            try (CarriedImage carried = ImageStore.carried(other)) {
                carried.pieces().forEach(piece -> known.add(piece.sha256()));
            } catch (ImageException damagedOrGone) {
                // What it has must come from the node.
            }
        }
        return known;
    }

    /** Deletes images that are older than the last of {@code kept} and not among these. */
    void forgetBefore(String workload, List<String> kept) throws IOException {
        if (kept.isEmpty()) {
            return;
        }
        String newest = kept.get(kept.size() - 1);
        synchronized (stripe(workload)) {
            ImageStore store = ImageStore.at(directory.images(workload));
            for (Path image : store.directories(workload)) {
                String name = image.getFileName().toString();
                if (ImageStore.byAge(name, newest) < 0 && !kept.contains(name)) {
                    store.delete(image);
                }
            }
        }
    }

    /** Reads bytes of one part of an image, at most {@code length}; fewer only at its end. */
    byte[] read(String workload, String image, String part, long from, int length) throws IOException {
        Path place = directory.images(workload).resolve(workload).resolve(image);
        try {
            if (part.equals(ImageParts.INDEX)) {
                try (CarriedImage carried = ImageStore.carried(place)) {
                    byte[] all = PieceList.text(carried.packs()).getBytes(StandardCharsets.US_ASCII);
                    int begin = (int) Math.min(from, all.length);
                    return Arrays.copyOfRange(all, begin, Math.min(all.length, begin + length));
                }
            }
            return ImageParts.read(place, part, from, length);
        } catch (NoSuchFileException | ImageException gone) {
            throw new Refusal(Reply.NOT_FOUND, "image " + image + " of " + workload + " has no " + part);
        }
    }

    /**
     * Takes what a workload has written, durably.
     *
     * @param from the place of the first byte; what is there from it on is replaced
     */
    void takeOutput(String workload, long epoch, long from, byte[] content) throws IOException {
        PoolDirectory.createOwned(directory.workload(workload));
        Path file = directory.output(workload, epoch);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (from > channel.size()) {
                throw new Refusal(Reply.CONFLICT, "output of " + workload + " has come up to byte " + channel.size());
            }
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes, from + bytes.position());
            }
            channel.force(false);
        }
    }

    /** How much of that has come. */
    long outputLength(String workload, long epoch) throws IOException {
        Path file = directory.output(workload, epoch);
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** An image on its way here. */
    private static final class Staged implements CarriedImage {
        private final String workload;
        private final String image;
        private final Path staging;
        private final Path arrived;
        private final List<List<Piece>> packs;
        /** The number of a piece that turned out not to be there when it was read; negative if there is none. */
        private int lost = -1;

        /** @param arrived where pieces are */
        Staged(String workload, String image, Path staging, Path arrived) throws IOException {
            this.workload = workload;
            this.image = image;
            this.staging = staging;
            this.arrived = arrived;
            Path index = staging.resolve(ImageParts.INDEX);
            if (!Files.exists(index)) {
                throw new Refusal(Reply.CONFLICT, "nothing has come of image " + image + " of " + workload);
            }
            this.packs = PieceList.parse(Files.readString(index, StandardCharsets.US_ASCII));
        }

        List<Integer> missing(Set<String> known) {
            Set<String> there = new HashSet<>(known);
            List<Integer> missing = new ArrayList<>();
            List<Piece> pieces = pieces();
            for (int i = 0; i < pieces.size() && missing.size() < MOST_MISSING; i++) {
                // Each once, however often the image has it.
                if (there.add(pieces.get(i).sha256()) && !Files.exists(file(pieces.get(i)))) {
                    missing.add(i);
                }
            }
            return missing;
        }

        private Path file(Piece piece) {
            return arrived.resolve(piece.sha256());
        }

        @Override
        public String name() {
            return workload;
        }

        @Override
        public String directory() {
            return image;
        }

        @Override
        public List<List<Piece>> packs() {
            return packs;
        }

        @Override
        public byte[] read(int pack, int piece) throws IOException {
            Piece wanted = packs.get(pack).get(piece);
            Path file = file(wanted);
            byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            if (!wanted.is(content)) {
                // Cut short when this process was killed, or of another image of the pool whose disk has lost it.
                Files.deleteIfExists(file);
                lost = packs.subList(0, pack).stream().mapToInt(List::size).sum() + piece;
                throw new IOException("piece " + piece + " of pack " + pack + " has to come again");
            }
            return content;
        }

        @Override
        public Map<String, byte[]> files() throws IOException {
            boolean sealed =
                    Files.exists(staging.resolve(CarriedImage.fileNames(true, 0).get(0)));
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (String name : CarriedImage.fileNames(sealed, packs.size() - 1)) {
                files.put(name, Files.readAllBytes(staging.resolve(ImageParts.ofFile(name))));
            }
            return files;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
