package dev.ingot.core.image;

import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.KeyProvider;
import dev.ingot.core.seal.Seal;
import dev.ingot.core.seal.Sealer;
import dev.ingot.core.seal.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the image in a directory. Of a sealed one nothing is believed before its key has opened it. */
final class ImageOpener {
    private final ImageKeys keys;

    ImageOpener(ImageKeys keys) {
        this.keys = keys;
    }

    ImageHandle open(Path image) throws ImageException {
        Path place = image.toAbsolutePath().normalize();
        if (!Files.isDirectory(place)) {
            throw new ImageException(
                    ImageProblem.MISSING,
                    place,
                    "there is no image " + place + "; name a directory that 'ingot images' lists");
        }
        ImageHandle handle = Files.exists(place.resolve(ImageHandle.SEAL)) ? openSealed(place) : openClear(place);
        requirePack(handle);
        return handle;
    }

    private ImageHandle openClear(Path place) throws ImageException {
        Path manifest = place.resolve(ImageHandle.MANIFEST);
        if (keys.isSealedOnly() && Files.exists(manifest)) {
            throw new ImageException(
                    ImageProblem.NOT_SEALED,
                    place,
                    "image " + place
                            + " is not sealed, so nobody vouches for it, and with a key only sealed images are taken;"
                            + " leave the key away if you trust whoever can write to the directory");
        }
        return opened(place, new ManifestReader(manifest, null).read(keys.trusted()), null);
    }

    private ImageHandle openSealed(Path place) throws ImageException {
        Seal seal = SealFile.read(place);
        if (seal.isErased()) {
            throw new ImageException(
                    ImageProblem.ERASED, place, "image " + place + " was erased: its key is gone for good; delete it");
        }
        KeyProvider provider = keys.provider();
        if (provider == null) {
            throw new ImageException(
                    ImageProblem.KEY,
                    place,
                    "image " + place
                            + " is sealed; name its key, by --key or INGOT_KEY for the ingot command, by key= for"
                            + " the agent");
        }
        try {
            Sealer sealer = Sealer.open(seal, provider);
            return opened(
                    place,
                    new ManifestReader(place.resolve(ImageHandle.SEALED_MANIFEST), sealer).read(keys.trusted()),
                    sealer);
        } catch (KeyException failure) {
            throw ImageException.ofKey(place, failure);
        }
    }

    private ImageHandle opened(Path place, ManifestReader.Read read, @Nullable Sealer sealer) throws ImageException {
        Manifest manifest = read.manifest();
        return new ImageHandle(
                place, manifest, sealer, before(place, manifest, sealer, keys.trusted(), null), read.signer());
    }

    /** The handle of an image that was just written, by {@code signer} if it is signed. */
    static ImageHandle written(Path place, Manifest manifest, @Nullable Sealer sealer, @Nullable String signer)
            throws ImageException {
        return new ImageHandle(place, manifest, sealer, before(place, manifest, sealer, null, signer), signer);
    }

    /**
     * The images within an image. What they go on themselves lies beside them, not within them.
     *
     * @param sealer has the keys of the image; null if it lies in the clear, and they with it
     * @param trusted one of which has to have signed each; null if nobody has to
     * @param signer who has signed them where that is known already
     */
    private static List<ImageHandle> before(
            Path place,
            Manifest manifest,
            @Nullable Sealer sealer,
            @Nullable TrustedKeys trusted,
            @Nullable String signer)
            throws ImageException {
        List<ImageHandle> before = new ArrayList<>();
        long left = ManifestReader.MAX_BYTES;
        for (String id : manifest.before()) {
            String name = ImageHandle.before(before.size());
            Path file = place.resolve(name).resolve(ImageFiles.manifest(sealer != null));
            Sealer own = sealer == null ? null : keys(place, name, sealer);
            ManifestReader.Read read = new ManifestReader(file, own, left).read(trusted);
            if (!read.manifest().id().equals(id)) {
                throw ImageException.corrupt(
                        file, 0, "it is image " + read.manifest().id() + " instead of " + id);
            }
            ImageHandle handle = new ImageHandle(
                    place.resolve(name), read.manifest(), own, List.of(), signer == null ? read.signer() : signer);
            requirePack(handle);
            left -= sizeOf(file);
            before.add(handle);
        }
        return before;
    }

    private static Sealer keys(Path place, String name, Sealer sealer) throws ImageException {
        Path file = place.resolve(name).resolve(ImageHandle.SEALED_KEY);
        try {
            return sealer.openKeys(name, ImageFiles.read(file, Seal.MAX_BYTES));
        } catch (KeyException forged) {
            throw ImageException.ofKey(place, forged);
        } catch (IOException failure) {
            throw ImageException.whileReading(file, failure);
        }
    }

    private static long sizeOf(Path file) throws ImageException {
        try {
            return Files.size(file);
        } catch (IOException failure) {
            throw ImageException.whileReading(file, failure);
        }
    }

    private static void requirePack(ImageHandle image) throws ImageException {
        long expected = image.manifest().packBytes();
        try {
            long size = Files.size(image.pack());
            if (size != expected) {
                throw ImageException.corrupt(
                        image.pack(),
                        Math.min(size, expected),
                        "the file has " + size + " bytes instead of " + expected);
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(image.pack(), failure);
        }
    }

    /** Whether the packs of a sealed image are as long as it says beside them; without its key no more can be said. */
    static boolean isWhole(Path image) {
        try {
            Seal seal = SealFile.read(image);
            boolean whole = isPack(image, seal.packBytes());
            for (int i = 0; i < seal.beforeBytes().size(); i++) {
                whole &= isPack(
                        image.resolve(ImageHandle.before(i)), seal.beforeBytes().get(i));
            }
            return whole;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean isPack(Path place, long bytes) throws IOException {
        return Files.exists(place.resolve(ImageHandle.SEALED_MANIFEST))
                && Files.size(place.resolve(ImageHandle.PACK)) == bytes;
    }
}
