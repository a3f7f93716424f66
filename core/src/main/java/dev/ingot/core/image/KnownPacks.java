package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the images of one name in a store have already of an image that is brought there. Not thread-safe. */
final class KnownPacks implements AutoCloseable {
    private final List<Path> places = new ArrayList<>();
    private final Map<String, Place> pieces = new HashMap<>();
    private final Map<Path, FileChannel> packs = new HashMap<>();

    private record Place(Path pack, long offset) {}

    KnownPacks(Path home) throws IOException {
        for (Path image : ImageStore.imageDirectories(home)) {
            places.add(image);
            for (int i = 0; Files.isDirectory(image.resolve(ImageHandle.before(i))); i++) {
                places.add(image.resolve(ImageHandle.before(i)));
            }
            try {
                ImageHandle handle = ImageStore.open(image);
                handle.before().forEach(this::add);
                add(handle);
            } catch (ImageException sealedOrDamaged) {
                // It has no piece that could be told by its hash.
            }
        }
    }

    private void add(ImageHandle image) {
        for (ChunkEntry chunk : LocalPack.chunks(image.manifest())) {
            pieces.put(chunk.sha256(), new Place(image.pack(), chunk.offset()));
        }
    }

    /** The pack of the image with this manifest, whether it is sealed or not; null if there is none, or it is not what it was. */
    @Nullable Path find(String manifestName, byte[] manifest, List<Piece> expected) throws IOException {
        for (Path place : places) {
            Path pack = place.resolve(ImageHandle.PACK);
            if (isFile(place.resolve(manifestName), manifest) && holds(pack, expected)) {
                return pack;
            }
        }
        return null;
    }

    private static boolean isFile(Path file, byte[] content) throws IOException {
        return Files.exists(file)
                && Files.size(file) == content.length
                && Arrays.equals(ImageFiles.read(file, content.length), content);
    }

    /** Whether a pack has these pieces and nothing else. */
    static boolean holds(Path pack, List<Piece> expected) throws IOException {
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long offset = 0;
            for (Piece piece : expected) {
                if (!piece.is(read(channel, offset, piece.bytes()))) {
                    return false;
                }
                offset += piece.bytes();
            }
            return offset == channel.size();
        } catch (NoSuchFileException pruned) {
            return false;
        }
    }

    /** The content of a piece, or null if it is nowhere, or not what it was. */
    byte @Nullable [] find(Piece piece) throws IOException {
        Place place = pieces.get(piece.sha256());
        if (place == null) {
            return null;
        }
        try {
            FileChannel pack = packs.get(place.pack());
            if (pack == null) {
                pack = FileChannel.open(place.pack(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                packs.put(place.pack(), pack);
            }
            byte[] content = read(pack, place.offset(), piece.bytes());
            return piece.is(content) ? content : null;
        } catch (NoSuchFileException pruned) {
            return null;
        }
    }

    // Shorter at the end of the file, so that the hash does not match.
    private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(length);
        while (content.hasRemaining()) {
            if (channel.read(content, offset + content.position()) < 0) {
                return Arrays.copyOf(content.array(), content.position());
            }
        }
        return content.array();
    }

    @Override
    public void close() throws IOException {
        for (FileChannel pack : packs.values()) {
            pack.close();
        }
    }
}
