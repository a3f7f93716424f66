package dev.ingot.core.image;

import dev.ingot.core.seal.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image of a directory, to be carried elsewhere. The pieces of one in the clear are its chunks, whose hashes the manifest has, so
 * that what two images share is carried once. Those of a sealed one are of one size: it shares none with others but the packs that it
 * goes on.
 */
final class LocalImage implements CarriedImage {
    private final Path image;
    private final String name;
    private final boolean sealed;
    private final List<LocalPack> packs = new ArrayList<>();

    LocalImage(Path image) throws IOException {
        this.image = image.toAbsolutePath().normalize();
        Path home = this.image.getParent();
        this.name = home == null ? "" : String.valueOf(home.getFileName());
        this.sealed = Files.exists(image.resolve(ImageHandle.SEAL));
        try {
            if (sealed) {
                openSealed(SealFile.read(image));
            } else {
                openClear(ImageStore.open(image));
            }
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void openClear(ImageHandle handle) throws IOException {
        for (ImageHandle earlier : handle.before()) {
            packs.add(LocalPack.ofChunks(earlier));
        }
        packs.add(LocalPack.ofChunks(handle));
    }

    private void openSealed(Seal seal) throws IOException {
        for (long bytes : seal.beforeBytes()) {
            Path earlier = image.resolve(ImageHandle.before(packs.size()));
            packs.add(LocalPack.cut(earlier.resolve(ImageHandle.PACK), bytes));
        }
        packs.add(LocalPack.cut(image.resolve(ImageHandle.PACK), seal.packBytes()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String directory() {
        return image.getFileName().toString();
    }

    @Override
    public List<List<Piece>> packs() {
        return packs.stream().map(LocalPack::pieces).toList();
    }

    @Override
    public byte[] read(int pack, int piece) throws IOException {
        return packs.get(pack).read(piece);
    }

    @Override
    public Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        long left = ManifestReader.MAX_BYTES;
        for (String file : ImageFiles.beside(sealed, packs.size() - 1)) {
            byte[] content = ImageFiles.read(image.resolve(file), left);
            files.put(file, content);
            left -= content.length;
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (LocalPack pack : packs) {
            try {
                pack.close();
            } catch (IOException next) {
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
