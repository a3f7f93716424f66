package dev.ingot.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealerTest {
    private static final byte[] TEXT = "what a program had in memory".getBytes(StandardCharsets.US_ASCII);
    private static final ChunkPlace PLACE = new ChunkPlace(1, "heap", 7);

    @TempDir
    Path directory;

    private KeyProvider key = KeyName.parse("file:/none").provider();

    @BeforeEach
    void makeKey() throws IOException {
        key = KeyName.parse("file:" + Files.write(directory.resolve("key"), new byte[Keys.BYTES]))
                .provider();
    }

    @ParameterizedTest
    @EnumSource
    void opensWhatItSealed(SealCipher cipher) throws IOException {
        Sealer writer = Sealer.create(key, cipher);
        byte[] file = writer.seal("manifest", TEXT);
        byte[] chunk = chunk(writer, PLACE);

        Sealer reader = Sealer.open(Seal.parse(writer.seal(5, List.of(7L)).toBytes()), key);

        assertThat(reader.open("manifest", file)).isEqualTo(TEXT);
        byte[] opened = new byte[chunk.length];
        assertThat(reader.chunks().open(PLACE, 2, 100, chunk, chunk.length, opened))
                .isEqualTo(TEXT.length);
        assertThat(opened).startsWith(TEXT);
    }

    @ParameterizedTest
    @EnumSource
    void opensNoChunkInAnotherPlace(SealCipher cipher) throws IOException {
        Sealer sealer = Sealer.create(key, cipher);
        byte[] chunk = chunk(sealer, PLACE);
        byte[] opened = new byte[chunk.length];

        for (ChunkPlace place :
                List.of(new ChunkPlace(0, "heap", 7), new ChunkPlace(1, "heap", 8), new ChunkPlace(1, "head", 7))) {
            assertForged(() -> sealer.chunks().open(place, 2, 100, chunk, chunk.length, opened));
        }
        assertForged(() -> sealer.chunks().open(PLACE, 1, 100, chunk, chunk.length, opened));
        assertForged(() -> sealer.chunks().open(PLACE, 2, 101, chunk, chunk.length, opened));
        assertForged(() -> Sealer.create(key, cipher).chunks().open(PLACE, 2, 100, chunk, chunk.length, opened));
        for (int i = 0; i < chunk.length; i++) {
            byte[] changed = chunk.clone();
            changed[i] ^= 1;
            assertForged(() -> sealer.chunks().open(PLACE, 2, 100, changed, changed.length, opened));
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensNoFileUnderAnotherNameOrCutOff(SealCipher cipher) throws IOException {
        Sealer sealer = Sealer.create(key, cipher);
        byte[] file = sealer.seal("manifest", TEXT);

        assertForged(() -> sealer.open("launch", file));
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertForged(() -> sealer.open("manifest", cut));
        }
    }

    @Test
    void usesNoKeyOfOneCipherForAnother() throws IOException {
        Sealer writer = Sealer.create(key, SealCipher.AES_256_GCM);
        String seal = new String(writer.seal(0, List.of()).toBytes(), StandardCharsets.UTF_8);
        byte[] file = writer.seal("manifest", TEXT);

        Sealer reader = Sealer.open(
                Seal.parse(seal.replace("aes-256-gcm", "chacha20-poly1305").getBytes(StandardCharsets.UTF_8)), key);

        assertForged(() -> reader.open("manifest", file));
    }

    @Test
    void derivesKeysAsRfc5869Says() {
        // Test case 1 of its appendix A, from the pseudorandom key on: the first block.
        byte[] pseudorandomKey =
                HexFormat.of().parseHex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        String info = new String(HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9"), StandardCharsets.ISO_8859_1);

        assertThat(Keys.derive(pseudorandomKey, info, "AES").getEncoded())
                .asHexString()
                .isEqualToIgnoringCase("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    @Test
    void believesNoSealThatIsMalformed() {
        for (String text : List.of(
                "",
                "{}",
                "{\"seal\":2}",
                "{\"seal\":1,\"cipher\":\"rot13\",\"packBytes\":1,\"erased\":true}",
                "{\"seal\":1,\"cipher\":\"aes-256-gcm\",\"packBytes\":-1,\"erased\":true}",
                "{\"seal\":1,\"cipher\":\"aes-256-gcm\",\"packBytes\":1}")) {
            assertForged(() -> Seal.parse(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static byte[] chunk(Sealer sealer, ChunkPlace place) {
        byte[] chunk = new byte[TEXT.length + SealCipher.TAG_BYTES];
        assertThat(sealer.chunks().seal(place, 2, 100, TEXT, TEXT.length, chunk))
                .isEqualTo(chunk.length);
        assertThat(new String(chunk, StandardCharsets.ISO_8859_1)).doesNotContain("program");
        return chunk;
    }

    private static void assertForged(ThrowingCallable work) {
        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(work)
                .matches(failure -> failure.reason() == KeyException.Reason.FORGED);
    }
}
