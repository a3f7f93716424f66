package dev.ingot.scheduler.control;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Piece;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images and output that nodes bring which do not share the pool's disk, and images that they fetch. Thread-safe.
 *
 * <pre>
 * workloads/ID/incoming/IMAGE/index        what the image is made of
 * workloads/ID/incoming/IMAGE/FILE         its files beside the pack
 * workloads/ID/incoming/IMAGE/piece-SHA    pieces that no other image of the workload has
 * </pre>
 *
 * What has come stays until the image is whole, however often the node or this process is killed in between. Then it is put together and
 * compared with its hashes, and is an image like those of the nodes that share the disk.
 */
final class ImageDepot {
    private static final int STRIPES = 64;
    private static final int MOST_MISSING = 4096;
    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final String PIECE_PREFIX = ImageParts.PIECE + "-";

    private final PoolDirectory directory;
    private final List<Object> locks =
            Stream.generate(Object::new).limit(STRIPES).toList();

    ImageDepot(PoolDirectory directory) {
        this.directory = directory;
    }

    private Object lock(String workload) {
        return locks.get(Math.floorMod(workload.hashCode(), STRIPES));
    }

    private Path incoming(String workload) {
        return directory.workload(workload).resolve("incoming");
    }

    /** Takes bytes of one part of an image. */
    void take(String workload, String image, String part, long from, byte[] content) throws IOException {
        synchronized (lock(workload)) {
            Path staging = incoming(workload).resolve(image);
            PoolDirectory.createOwned(staging);
            if (part.equals(ImageParts.PIECE)) {
                Files.write(staging.resolve(PIECE_PREFIX + sha256(content)), content);
            } else {
                append(staging.resolve(part), from, content);
            }
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
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
        synchronized (lock(workload)) {
            ImageStore store = ImageStore.at(directory.images(workload));
            if (!ImageStore.isImage(directory.images(workload).resolve(workload).resolve(image))) {
                Staged staged = new Staged(workload, image, incoming(workload).resolve(image));
                List<Integer> missing = staged.missing(known(store, workload));
                if (!missing.isEmpty()) {
                    return missing;
                }
                PoolDirectory.createOwned(directory.images(workload));
                store.receive(staged);
            }
            // Also of what an earlier epoch did not bring to its end.
            PoolDirectory.delete(incoming(workload));
            return List.of();
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
        synchronized (lock(workload)) {
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
            return read(place.resolve(ImageParts.file(part)), from, length);
        } catch (NoSuchFileException | ImageException gone) {
            throw new Refusal(Reply.NOT_FOUND, "image " + image + " of " + workload + " has no " + part);
        }
    }

    private static byte[] read(Path file, long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, channel.size() - from)));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // Until it is all there.
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
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
        private final List<List<Piece>> packs;

        Staged(String workload, String image, Path staging) throws IOException {
            this.workload = workload;
            this.image = image;
            this.staging = staging;
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
                String hash = pieces.get(i).sha256();
                // Each once, however often the image has it.
                if (there.add(hash) && !Files.exists(staging.resolve(PIECE_PREFIX + hash))) {
                    missing.add(i);
                }
            }
            return missing;
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
            return Files.readAllBytes(
                    staging.resolve(PIECE_PREFIX + packs.get(pack).get(piece).sha256()));
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
