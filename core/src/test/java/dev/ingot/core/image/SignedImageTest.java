package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.KeyPairs;
import dev.ingot.core.seal.KeyProvider;
import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where keys are named whose signatures are believed, nothing opens but what one of them has signed, to the byte. */
class SignedImageTest {
    private static final int HASH_START = 64 + "\",\n  \"crc32c\": \"12345678\"\n}\n".length();

    @TempDir
    Path directory;

    private ImageKeys keys = ImageKeys.NONE;
    private ImageKeys others = ImageKeys.NONE;
    private ImageStore store = ImageStore.at(Path.of("/none"));

    @BeforeEach
    void makeStore() throws IOException {
        keys = signing("ours", 1).trusting(trusting("ours", 1));
        others = signing("others", 2);
        store = ImageStore.at(directory.resolve("images"), keys);
    }

    private ImageKeys signing(String name, int seed) throws IOException {
        return ImageKeys.NONE.signing(KeyPairs.signing(directory, name, seed));
    }

    private TrustedKeys trusting(String name, int seed) throws IOException {
        SigningKey key = KeyPairs.signing(directory, name, seed);
        return TrustedKeys.read(KeyPairs.trust(directory.resolve("trusted-" + name), name, key));
    }

    @Test
    void readsWhatATrustedKeyHasSigned() throws IOException {
        SampleImages.write(store, SampleImages.SMALL);

        ImageHandle read = store.newestComplete(SampleImages.NAME).orElseThrow();

        assertThat(read.signer())
                .isEqualTo(KeyPairs.signing(directory, "ours", 1).fingerprint());
        for (Map.Entry<String, byte[]> section : SampleImages.SMALL.entrySet()) {
            assertThat(ImageStoreTest.read(read, section.getKey())).isEqualTo(section.getValue());
        }
        assertThat(ImageStore.verify(read).broken()).isEmpty();
        assertThat(LaunchPlan.of(read).workingDirectory()).isEqualTo("/work dir");
        assertThat(store.newestSound(SampleImages.NAME, unusable -> {})).isPresent();
        assertThat(ImageStore.open(read.directory()).signer()).isNull();
    }

    @Test
    void takesNothingThatIsNotSignedOrBySomebodyElse() throws IOException {
        Path plain = SampleImages.write(ImageStore.at(store.directory()), SampleImages.SMALL)
                .directory();
        Path foreign = SampleImages.write(ImageStore.at(store.directory(), others), SampleImages.SMALL)
                .directory();

        assertUntrusted(plain, "is not signed");
        assertUntrusted(foreign, "which is none of those in");
    }

    /** An older image that is signed is not taken instead: that would lose what the newest one holds. */
    @Test
    void goesBackToNoOlderImage() throws IOException {
        SampleImages.write(store, SampleImages.SMALL);
        SampleImages.write(ImageStore.at(store.directory()), SampleImages.SMALL);

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.newestSound(SampleImages.NAME, unusable -> {}))
                .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.newestComplete(SampleImages.NAME))
                .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED);
        assertThat(store.list()).hasSize(1);
    }

    /** Whoever changes a byte makes the checksum right again; of the manifest, everything is signed. */
    @Test
    void noticesEveryByteOfTheManifestThatIsChanged() throws IOException {
        Path image =
                SampleImages.write(store, Map.of("heap", new byte[] {1, 2, 3})).directory();
        Path file = image.resolve(ImageHandle.MANIFEST);
        byte[] intact = Files.readAllBytes(file);
        for (int i = 0; i < intact.length; i++) {
            byte[] changed = intact.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            for (byte[] fitting : List.of(withChecksum(changed), withHash(changed))) {
                Files.write(file, fitting);
                // What makes a checksum or hash right undoes a change of it.
                assertThat(isRefused(image)).as("byte %d", i).isEqualTo(!Arrays.equals(fitting, intact));
            }
        }
        Files.write(file, intact);
        assertThat(isRefused(image)).isFalse();
    }

    /** What is written in place of the hash would be a part of the JSON text that nobody has signed. */
    @Test
    void hasNoPlaceForAnythingThatIsNotSigned() throws IOException {
        Path image = SampleImages.write(store, SampleImages.SMALL).directory();
        Path file = image.resolve(ImageHandle.MANIFEST);
        byte[] changed = Files.readAllBytes(file);
        String instead = "0\", \"packBytes\": 1, \"name\": \"other\", \"more\": \"";
        byte[] bytes = (instead + "0".repeat(64 - instead.length())).getBytes(UTF_8);
        System.arraycopy(bytes, 0, changed, changed.length - HASH_START, bytes.length);
        Files.write(file, withChecksum(changed));

        assertUntrusted(image, "was changed after it was signed");
    }

    @Test
    void noticesEveryByteOfTheOtherFilesThatIsChanged() throws IOException {
        Path image =
                SampleImages.write(store, Map.of("heap", new byte[] {1, 2, 3})).directory();
        for (String name : List.of(ImageHandle.PACK, ImageHandle.LAUNCH)) {
            Path file = image.resolve(name);
            byte[] intact = Files.readAllBytes(file);
            for (int i = 0; i < intact.length; i++) {
                byte[] changed = intact.clone();
                changed[i] ^= (byte) (1 << (i % 8));
                Files.write(file, changed);
                assertThat(isRefused(image)).as("byte %d of %s", i, name).isTrue();
            }
            Files.write(file, intact);
        }
        assertThat(isRefused(image)).isFalse();
    }

    private boolean isRefused(Path image) {
        try {
            ImageHandle opened = ImageStore.open(image, keys);
            LaunchPlan.of(opened);
            for (String section : opened.sections()) {
                ImageStoreTest.read(opened, section);
            }
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    /** CRC-32C is linear: it does not change where its polynomial is added. So a read that asks who signed compares hashes. */
    @Test
    void readsNoChunkThatHasOnlyTheRightChecksum() throws IOException {
        byte[] noise = SampleImages.bytes(new Random(1), 100);
        Path image = SampleImages.write(store, Map.of("heap", noise)).directory();
        Path pack = image.resolve(ImageHandle.PACK);
        byte[] changed = Files.readAllBytes(pack);
        long before = checksum(changed, changed.length);
        for (int bit = 0; bit <= 32; bit++) {
            int set = (int) (0x1_1EDC_6F41L >> (32 - bit)) & 1;
            changed[bit / 8] ^= (byte) (set << (bit % 8));
        }
        assertThat(checksum(changed, changed.length)).isEqualTo(before);
        Files.write(pack, changed);

        ImageHandle opened = ImageStore.open(image, keys);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStoreTest.read(opened, "heap"))
                .withMessageContaining("not the one that was signed");
    }

    @Test
    void takesNoManifestWhoseSignatureWasRemovedOrIsAnothers() throws IOException {
        Path image = SampleImages.write(store, SampleImages.SMALL).directory();
        Path another = SampleImages.write(store, Map.of("other", new byte[10])).directory();
        Path file = image.resolve(ImageHandle.MANIFEST);
        String intact = Files.readString(file);
        String body = body(intact);
        String signature = intact.substring(body.length(), intact.indexOf(",\n  \"sha256\": \"", body.length()));
        String anothers = Files.readString(another.resolve(ImageHandle.MANIFEST));
        String others = anothers.substring(
                body(anothers).length(),
                anothers.indexOf(",\n  \"sha256\": \"", body(anothers).length()));

        Files.write(file, ManifestTrailer.seal(body + "\n}", null));
        assertUntrusted(image, "is not signed");
        Files.write(file, ManifestTrailer.seal(body + others + "\n}", null));
        assertUntrusted(image, "was changed after it was signed");
        Files.write(file, ManifestTrailer.seal(body + "\n}", KeyPairs.signing(directory, "others", 2)));
        assertUntrusted(image, "which is none of those in");
        // Signed by somebody else, who says that it was us.
        String byOthers =
                new String(ManifestTrailer.seal(body + "\n}", KeyPairs.signing(directory, "others", 2)), UTF_8);
        String ourName = KeyPairs.signing(directory, "ours", 1).fingerprint();
        String theirName = KeyPairs.signing(directory, "others", 2).fingerprint();
        Files.write(file, withHash(byOthers.replace(theirName, ourName).getBytes(UTF_8)));
        assertUntrusted(image, "was changed after it was signed");
        Files.write(file, ManifestTrailer.seal(body + signature + "\n}", null));
        assertThat(isRefused(image)).isFalse();
        assertThat(Files.readString(file)).isEqualTo(intact);
    }

    /** What was signed as one image is not taken for another one by where somebody has put it. */
    @Test
    void isTakenByItsNameOnlyWhereItWasSignedFor() throws IOException {
        Path older = SampleImages.write(store, SampleImages.SMALL).directory();
        Path home = Objects.requireNonNull(older.getParent());
        Path elsewhere = copy(older, store.directory().resolve("job").resolve(older.getFileName()));
        Path newer = copy(older, home.resolve("000009-20350102T030405.678Z"));

        for (String name : List.of("job", SampleImages.NAME)) {
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> store.newestSound(name, unusable -> {}))
                    .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED)
                    .withMessageContaining("was signed as sample/" + older.getFileName());
        }
        assertThat(ImageStore.open(elsewhere, keys).signer()).isNotNull();
        assertThat(ImageStore.open(newer, keys).signer()).isNotNull();
    }

    private static Path copy(Path image, Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : List.of(ImageHandle.PACK, ImageHandle.LAUNCH, ImageHandle.MANIFEST)) {
            Files.copy(image.resolve(name), target.resolve(name));
        }
        return target;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void earlierImagesAreSignedToo(boolean sealed) throws IOException {
        KeyProvider key = key("key", 1);
        ImageKeys sealing = sealed ? ImageKeys.sealedOnly(key) : ImageKeys.NONE;
        SigningKey ours = KeyPairs.signing(directory, "ours", 1);
        TrustedKeys trusted = trusting("ours", 1);
        ImageStore both = ImageStore.at(store.directory(), sealing.signing(ours).trusting(trusted));
        ImageHandle first = SampleImages.write(both, SampleImages.SMALL);
        ImageHandle second = goOn(both, first);
        // As after a resume that asked nobody: the key sees for itself what it has signed.
        ImageHandle third = goOn(
                ImageStore.at(store.directory(), sealing.signing(ours)), ImageStore.open(second.directory(), sealing));

        ImageHandle opened = both.openAny(third.directory());

        assertThat(opened.before())
                .hasSize(2)
                .allMatch(each -> ours.fingerprint().equals(each.signer()));
        ImageHandle unsigned = SampleImages.write(ImageStore.at(store.directory(), sealing), SampleImages.SMALL);
        ImageHandle byOthers = SampleImages.write(
                ImageStore.at(store.directory(), sealing.signing(KeyPairs.signing(directory, "others", 2))),
                SampleImages.SMALL);
        for (ImageHandle earlier : List.of(unsigned, byOthers)) {
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> goOn(both, earlier))
                    .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED);
            // Nobody vouches for what comes then either.
            Path on = goOn(ImageStore.at(store.directory(), sealing), earlier).directory();
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> both.openAny(on))
                    .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED);
        }
    }

    private KeyProvider key(String name, int seed) throws IOException {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return KeyName.parse("file:" + Files.write(directory.resolve(name), bytes))
                .provider();
    }

    private static ImageHandle goOn(ImageStore store, ImageHandle earlier) throws IOException {
        try (ImageWriter writer = store.begin(SampleImages.description())) {
            writer.goOn(earlier);
            try (OutputStream out = writer.section("heap")) {
                out.write(1);
            }
            return writer.commit(SampleImages.contents());
        }
    }

    @Test
    void takesNoOtherImageInPlaceOfAnEarlierOne() throws IOException {
        ImageHandle first = SampleImages.write(store, SampleImages.SMALL);
        ImageHandle decoy = SampleImages.write(store, SampleImages.SMALL);
        Path second = goOn(store, first).directory();
        Path within = second.resolve(ImageHandle.before(0));
        for (String name : List.of(ImageHandle.PACK, ImageHandle.MANIFEST)) {
            Files.delete(within.resolve(name));
            Files.copy(decoy.directory().resolve(name), within.resolve(name));
        }

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.open(second, keys))
                .withMessageContaining("it is image " + decoy.manifest().id());

        String text = Files.readString(decoy.directory().resolve(ImageHandle.MANIFEST));
        String forged =
                body(text).replace(decoy.manifest().id(), first.manifest().id()) + "\n}";
        Files.write(within.resolve(ImageHandle.MANIFEST), ManifestTrailer.seal(forged, null));
        assertUntrusted(second, "is not signed");
    }

    @Test
    void aSealIsWrappedAnewWithoutTouchingTheSignature() throws IOException {
        KeyProvider old = key("old", 1);
        KeyProvider fresh = key("fresh", 2);
        SigningKey ours = KeyPairs.signing(directory, "ours", 1);
        ImageStore sealed =
                ImageStore.at(store.directory(), ImageKeys.sealedOnly(old).signing(ours));
        Path image = SampleImages.write(sealed, SampleImages.SMALL).directory();

        assertThat(sealed.rewrap(image, fresh)).isTrue();

        ImageHandle opened = ImageStore.open(image, ImageKeys.sealedOnly(fresh).trusting(trusting("ours", 1)));
        assertThat(opened.signer()).isEqualTo(ours.fingerprint());
        assertThat(ImageStore.verify(opened).isIntact()).isTrue();
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(
                        () -> ImageStore.open(image, ImageKeys.sealedOnly(fresh).trusting(trusting("others", 2))))
                .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED);
    }

    @Test
    void isCarriedWithItsSignature() throws IOException {
        Path image = goOn(store, SampleImages.write(store, SampleImages.SMALL)).directory();
        ImageStore copies = ImageStore.at(directory.resolve("copies"), keys);
        ImageStore imports = ImageStore.at(directory.resolve("imports"), keys);
        Path archive = directory.resolve("archive");
        try (CarriedImage carried = ImageStore.carried(image)) {
            ImageArchive.export(carried, archive);
            copies.receive(carried);
        }
        ImageArchive.restore(archive, imports);

        for (ImageStore each : List.of(copies, imports)) {
            assertThat(each.newestSound(SampleImages.NAME, unusable -> {})
                            .orElseThrow()
                            .signer())
                    .isNotNull();
        }
    }

    @Test
    void isNotReceivedWhereNobodyTrustedHasSignedIt() throws IOException {
        Path image = SampleImages.write(ImageStore.at(store.directory(), others), SampleImages.SMALL)
                .directory();
        ImageStore copies = ImageStore.at(directory.resolve("copies"), keys);
        try (CarriedImage carried = ImageStore.carried(image)) {
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> copies.receive(carried))
                    .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED);
        }
        assertThat(copies.directories(SampleImages.NAME)).isEmpty();
    }

    @Test
    void pruningCountsImagesOfOthersAsUsable() throws IOException {
        Path first = SampleImages.write(store, SampleImages.SMALL).directory();
        Path second = SampleImages.write(ImageStore.at(store.directory()), SampleImages.SMALL)
                .directory();

        assertThat(SampleImages.prune(store, 1)).containsExactly(first);
        assertThat(store.directories(SampleImages.NAME)).containsExactly(second);
    }

    private void assertUntrusted(Path image, String why) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.open(image, keys))
                .matches(failure -> failure.problem() == ImageProblem.UNTRUSTED)
                .withMessageContaining(image.toString())
                .withMessageContaining(why);
    }

    private static String body(String manifest) {
        int signature = manifest.lastIndexOf(",\n  \"signer\": \"");
        return manifest.substring(0, signature);
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return checksum.getValue();
    }

    /** The same with the checksum that fits. */
    private static byte[] withChecksum(byte[] manifest) {
        String text = new String(manifest, ISO_8859_1);
        int end = text.length() - "\",\n  \"crc32c\": \"12345678\"\n}\n".length();
        String checked = String.format("%08x", checksum(manifest, end));
        byte[] result = manifest.clone();
        byte[] digits = checked.getBytes(UTF_8);
        System.arraycopy(digits, 0, result, result.length - digits.length - "\"\n}\n".length(), digits.length);
        return result;
    }

    /** The same with the hash that fits, too. */
    private static byte[] withHash(byte[] manifest) {
        byte[] result = manifest.clone();
        int end = result.length - HASH_START - ",\n  \"sha256\": \"".length();
        byte[] digits = Sha256.of(result, end).getBytes(UTF_8);
        System.arraycopy(digits, 0, result, result.length - HASH_START, digits.length);
        return withChecksum(result);
    }
}
