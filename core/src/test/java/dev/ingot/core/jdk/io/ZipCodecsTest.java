package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipCodecsTest {
    private final SmallImage image = new SmallImage();
    private final byte[] text = text(200_000);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 3000, 40_000, 199_999, 200_000})
    void inflaterGoesOnAnywhereInAStream(int produced) throws Exception {
        byte[] packed = deflate(new Deflater(), text);
        Inflater inflater = new Inflater();
        inflater.setInput(packed);
        byte[] result = new byte[text.length];
        inflateUpTo(inflater, result, 0, produced);
        Inflater restored = image.copy(inflater);
        assertThat(restored.getBytesWritten()).isEqualTo(produced);
        inflateUpTo(restored, result, produced, text.length);
        assertThat(result).isEqualTo(text);
        inflateUpTo(inflater, result, produced, text.length);
        assertThat(restored.getAdler()).isEqualTo(inflater.getAdler());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 12_345, 65_536})
    void inflaterGoesOnWhereverItsInputIsCut(int fed) throws Exception {
        byte[] packed = deflate(new Deflater(Deflater.BEST_SPEED, true), text);
        int cut = Math.min(fed, packed.length - 1);
        Inflater inflater = new Inflater(true);
        byte[] result = new byte[text.length];
        inflater.setInput(packed, 0, cut);
        int done = drain(inflater, result, 0);
        Inflater restored = image.copy(inflater);
        restored.setInput(packed, cut, packed.length - cut);
        assertThat(drain(restored, result, done)).isEqualTo(text.length);
        assertThat(restored.finished()).isTrue();
        assertThat(result).isEqualTo(text);
    }

    @Test
    void inflaterGoesOnInFixedAndStoredBlocks() throws Exception {
        byte[] small = "tiny tiny tiny".getBytes(StandardCharsets.US_ASCII);
        for (int level : new int[] {0, 9}) {
            byte[] packed = deflate(new Deflater(level), small);
            Inflater inflater = new Inflater();
            inflater.setInput(packed);
            byte[] result = new byte[small.length];
            inflateUpTo(inflater, result, 0, 6);
            inflateUpTo(image.copy(inflater), result, 6, small.length);
            assertThat(result).as("level %s", level).isEqualTo(small);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 33_000, 70_000, 150_000, 200_000})
    void deflaterMakesTheSameBytes(int fed) throws Exception {
        for (int level : new int[] {0, 1, 6, 9}) {
            Deflater deflater = new Deflater(level);
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            deflater.setInput(text, 0, fed);
            take(deflater, head);
            Deflater restored = image.copy(deflater);
            ByteArrayOutputStream tail = new ByteArrayOutputStream();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            finish(deflater, text, fed, expected);
            finish(restored, text, fed, tail);
            assertThat(tail.toByteArray()).as("level %s", level).isEqualTo(expected.toByteArray());
            assertThat(restored.getTotalOut()).isEqualTo(deflater.getTotalOut());
            head.writeBytes(tail.toByteArray());
            assertThat(inflate(head.toByteArray())).isEqualTo(text);
        }
    }

    @Test
    void deflaterKeepsOutputNotYetTaken() throws Exception {
        Deflater deflater = new Deflater();
        deflater.setInput(random(100_000));
        deflater.finish();
        byte[] first = new byte[5000];
        int taken = deflater.deflate(first);
        Deflater restored = image.copy(deflater);
        byte[] rest = new byte[200_000];
        int restLength = restored.deflate(rest);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first, 0, taken);
        all.write(rest, 0, restLength);
        assertThat(inflate(all.toByteArray())).isEqualTo(random(100_000));
    }

    @Test
    void endedStreamsStayEnded() throws Exception {
        Inflater inflater = new Inflater();
        inflater.end();
        Deflater deflater = new Deflater();
        deflater.end();
        assertThatThrownBy(() -> image.copy(inflater).inflate(new byte[1])).hasMessageContaining("closed");
        assertThatThrownBy(() -> image.copy(deflater).deflate(new byte[1])).hasMessageContaining("closed");
    }

    @Test
    void gzipGoesOnInBothDirections() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        GZIPOutputStream out = new GZIPOutputStream(bytes);
        out.write(text, 0, 120_000);
        Object[] writing = image.copy(new Object[] {bytes, out});
        try (OutputStream restored = (OutputStream) writing[1]) {
            restored.write(text, 120_000, 80_000);
        }
        byte[] packed = ((ByteArrayOutputStream) writing[0]).toByteArray();
        InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed));
        byte[] result = new byte[text.length];
        in.readNBytes(result, 0, 77_777);
        InputStream restored = image.copy(in);
        assertThat(restored.readNBytes(result, 77_777, text.length - 77_777)).isEqualTo(text.length - 77_777);
        assertThat(restored.read()).isEqualTo(-1);
        assertThat(result).isEqualTo(text);
    }

    @Test
    void zipOutputGoesOnWithinAnEntry() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ZipOutputStream out = new ZipOutputStream(bytes);
        out.putNextEntry(new ZipEntry("first"));
        out.write(text, 0, 1000);
        out.closeEntry();
        out.putNextEntry(new ZipEntry("second"));
        out.write(text, 0, 50_000);
        Object[] writing = image.copy(new Object[] {bytes, out});
        try (ZipOutputStream restored = (ZipOutputStream) writing[1]) {
            restored.write(text, 50_000, 1000);
            restored.putNextEntry(new ZipEntry("third"));
            restored.write(1);
        }
        try (ZipInputStream in =
                new ZipInputStream(new ByteArrayInputStream(((ByteArrayOutputStream) writing[0]).toByteArray()))) {
            assertThat(in.getNextEntry().getName()).isEqualTo("first");
            assertThat(in.getNextEntry().getName()).isEqualTo("second");
            assertThat(in.readAllBytes()).hasSize(51_000).startsWith(text[0], text[1], text[2]);
            assertThat(in.getNextEntry().getName()).isEqualTo("third");
            assertThat(in.readAllBytes()).containsExactly(1);
        }
    }

    @Test
    void zipFileAndItsEntriesInProgressAreReadOn() throws Exception {
        Path file = zip("archive.zip");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            InputStream packed = zip.getInputStream(zip.getEntry("packed"));
            InputStream stored = zip.getInputStream(zip.getEntry("stored"));
            byte[] result = new byte[text.length];
            packed.readNBytes(result, 0, 90_000);
            assertThat(stored.readNBytes(2)).containsExactly(1, 2);
            Object[] restored = image.copy(new Object[] {packed, stored, zip});
            InputStream packedAgain = (InputStream) restored[0];
            InputStream storedAgain = (InputStream) restored[1];
            try (ZipFile zipAgain = (ZipFile) restored[2]) {
                packedAgain.readNBytes(result, 90_000, text.length - 90_000);
                assertThat(result).isEqualTo(text);
                assertThat(packedAgain.read()).isEqualTo(-1);
                assertThat(storedAgain.readAllBytes()).containsExactly(3, 4);
                assertThat(zipAgain.getName()).isEqualTo(file.toString());
                assertThat(zipAgain.stream().map(ZipEntry::getName)).containsExactly("packed", "stored");
                assertThat(zipAgain.getInputStream(zipAgain.getEntry("packed")).readAllBytes())
                        .isEqualTo(text);
            }
            assertThatThrownBy(storedAgain::read).as("closed with its file").isInstanceOf(IOException.class);
        }
    }

    @Test
    void closedZipFileStaysClosed() throws Exception {
        ZipFile zip = new ZipFile(zip("archive.zip").toFile());
        zip.close();
        ZipFile restored = image.copy(zip);
        assertThatThrownBy(() -> restored.getEntry("packed")).hasMessageContaining("zip file closed");
        restored.close();
    }

    @Test
    void jarFileKeepsItsManifest() throws Exception {
        Path file = directory.resolve("a.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
            out.write("Manifest-Version: 1.0\nMain-Class: a.Main\n".getBytes(StandardCharsets.US_ASCII));
        }
        try (JarFile jar = new JarFile(file.toFile());
                JarFile restored = image.copy(jar)) {
            assertThat(restored.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("a.Main");
        }
    }

    @Test
    void refusesAZipFileThatChanged() throws Exception {
        Path file = zip("archive.zip");
        byte[] taken;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            taken = image.write(zip);
        }
        Files.write(file, new byte[1], java.nio.file.StandardOpenOption.APPEND);
        assertThatThrownBy(() -> image.read(taken))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("changed");
    }

    @Test
    void zipFileToBeDeletedOnCloseIsKept() throws Exception {
        Path file = zip("archive.zip");
        try (ZipFile zip = new ZipFile(file.toFile(), ZipFile.OPEN_READ | ZipFile.OPEN_DELETE);
                ZipFile restored = image.copy(zip)) {
            assertThat(restored.getInputStream(restored.getEntry("packed")).readAllBytes())
                    .isEqualTo(text);
        }
    }

    private Path zip(String name) throws IOException {
        Path file = directory.resolve(name);
        byte[] four = {1, 2, 3, 4};
        CRC32 crc = new CRC32();
        crc.update(four);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry("packed"));
            out.write(text);
            ZipEntry stored = new ZipEntry("stored");
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(four.length);
            stored.setCrc(crc.getValue());
            out.putNextEntry(stored);
            out.write(four);
        }
        return file;
    }

    private static byte[] text(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append("word").append(random.nextInt(500)).append(random.nextInt(9) == 0 ? '\n' : ' ');
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(8).nextBytes(bytes);
        return bytes;
    }

    private static byte[] deflate(Deflater deflater, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        finish(deflater, data, 0, out);
        return out.toByteArray();
    }

    private static void finish(Deflater deflater, byte[] data, int from, ByteArrayOutputStream out) {
        deflater.setInput(data, from, data.length - from);
        deflater.finish();
        take(deflater, out);
    }

    private static void take(Deflater deflater, ByteArrayOutputStream out) {
        byte[] buffer = new byte[1000];
        for (int n = deflater.deflate(buffer); n > 0; n = deflater.deflate(buffer)) {
            out.write(buffer, 0, n);
        }
    }

    private static byte[] inflate(byte[] packed) throws Exception {
        Inflater inflater = new Inflater();
        inflater.setInput(packed);
        byte[] result = new byte[400_000];
        return java.util.Arrays.copyOf(result, drain(inflater, result, 0));
    }

    private static int drain(Inflater inflater, byte[] result, int from) throws Exception {
        int at = from;
        for (int n = inflater.inflate(result, at, result.length - at);
                n > 0;
                n = inflater.inflate(result, at, result.length - at)) {
            at += n;
        }
        return at;
    }

    private static void inflateUpTo(Inflater inflater, byte[] result, int from, int to) throws Exception {
        int at = from;
        while (at < to) {
            int n = inflater.inflate(result, at, to - at);
            assertThat(n).isPositive();
            at += n;
        }
    }
}
