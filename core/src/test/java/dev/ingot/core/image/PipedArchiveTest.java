package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.seal.KeyName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that go through a pipe arrive whole or not at all, and leave nothing else behind. */
class PipedArchiveTest {
    private static final long ROOM = 8L << 20;

    @TempDir
    Path directory;

    private ImageStore source = ImageStore.at(Path.of("/none"));
    private ImageStore target = source;

    @BeforeEach
    void makeStores() {
        source = ImageStore.at(directory.resolve("source"));
        target = ImageStore.at(directory.resolve("target"));
    }

    private static byte[] exported(Path image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CarriedImage carried = ImageStore.carried(image)) {
            ImageArchive.export(carried, out);
        }
        return out.toByteArray();
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arriveAsTheyWere(boolean sealed) throws IOException {
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        ImageKeys keys =
                sealed ? ImageKeys.sealedOnly(KeyName.parse("file:" + key).provider()) : ImageKeys.NONE;
        ImageStore written = ImageStore.at(source.directory(), keys);
        ImageHandle first = SampleImages.write(
                written, Map.of("heap", SampleImages.bytes(new Random(1), 3_000_000), "empty", new byte[0]));
        Path image = goOn(written, first);
        byte[] archive = exported(image);

        ImageCopy copy = ImageArchive.restore(stream(archive), target);

        assertThat(copy.changed()).isTrue();
        assertThat(copy.image().getFileName()).isEqualTo(image.getFileName());
        ImageHandle opened = ImageStore.open(copy.image(), keys);
        assertThat(opened.before()).hasSize(1);
        assertThat(ImageStore.verify(opened).isIntact()).isTrue();
        assertThat(contents(copy.image())).isEqualTo(contents(image));
        assertThat(ImageArchive.restore(stream(archive), target).changed()).isFalse();
        assertNothingElse(1);
    }

    /** The files of an image, those of earlier ones within too, by their hashes. */
    private static Map<String, String> contents(Path image) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(image)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(image.relativize(file).toString(), Sha256.ofFile(file));
            }
        }
        return contents;
    }

    private static Path goOn(ImageStore store, ImageHandle earlier) throws IOException {
        try (ImageWriter writer = store.begin(SampleImages.description())) {
            writer.goOn(earlier);
            try (OutputStream out = writer.section("heap")) {
                out.write(1);
            }
            return writer.commit(SampleImages.contents()).directory();
        }
    }

    @Test
    void areRefusedWhereverTheyEnd() throws IOException {
        byte[] archive = exported(SampleImages.write(source, SampleImages.SMALL).directory());
        // In the table at the end everywhere.
        for (int length = 0; length < archive.length; length += archive.length - length < 400 ? 1 : 7) {
            byte[] cut = Arrays.copyOf(archive, length);
            assertThatExceptionOfType(ImageException.class)
                    .as("cut at %d", length)
                    .isThrownBy(() -> ImageArchive.restore(stream(cut), target))
                    .withMessageContaining("-: ");
            assertNothingElse(0);
        }
    }

    /** What is of no account in an archive, such as times, may be another one; the image may not. */
    @Test
    void areRefusedOrTheSameWhateverIsChanged() throws IOException {
        Path image = SampleImages.write(source, SampleImages.SMALL).directory();
        byte[] archive = exported(image);
        for (int i = 0; i < archive.length; i += 3) {
            byte[] changed = archive.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            try {
                Path copy = ImageArchive.restore(stream(changed), target).image();
                for (String file : List.of(ImageHandle.PACK, ImageHandle.LAUNCH, ImageHandle.MANIFEST)) {
                    assertThat(copy.resolve(file)).as("byte %d", i).hasSameBinaryContentAs(image.resolve(file));
                }
                target.delete(copy);
            } catch (ImageException refused) {
                assertThat(refused).hasMessageContaining("-");
            }
        }
    }

    @Test
    void areNothingElse() throws IOException {
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(other)) {
            zip.putNextEntry(new ZipEntry("../../etc/passwd"));
            zip.write(1);
        }
        for (byte[] bytes : new byte[][] {{}, {'P'}, new byte[100_000], other.toByteArray()}) {
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> ImageArchive.restore(stream(bytes), target))
                    .matches(failure -> failure.problem() == ImageProblem.INVALID);
            assertNothingElse(0);
        }
    }

    @Test
    void areRefusedWhereThePipeBreaks() throws IOException {
        byte[] archive = exported(SampleImages.write(source, SampleImages.SMALL).directory());
        InputStream broken =
                new SequenceInputStream(stream(Arrays.copyOf(archive, archive.length - 1)), new DeadLine());
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageArchive.restore(broken, target))
                .withMessage("cannot import -: the line is dead");
        assertNothingElse(0);
    }

    @Test
    void areThereOnceAllCameThoughTheConnectionStaysOpen() throws IOException {
        Path image = SampleImages.write(source, SampleImages.SMALL).directory();
        InputStream open = new SequenceInputStream(stream(exported(image)), new DeadLine());
        assertThat(contents(ImageArchive.restore(open, target).image())).isEqualTo(contents(image));
        assertNothingElse(1);
    }

    @Test
    void areNotSentOnToNobody() throws IOException {
        Path image = SampleImages.write(source, SampleImages.SMALL).directory();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (CarriedImage carried = ImageStore.carried(image)) {
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> ImageArchive.export(carried, broken))
                    .withMessage("cannot export image sample/" + image.getFileName() + ": Broken pipe");
        }
    }

    @Test
    void needTheirOwnRoomAndNoMore() throws IOException {
        ImageHandle image = SampleImages.write(source, Map.of("heap", SampleImages.bytes(new Random(1), (int) ROOM)));
        byte[] archive = exported(image.directory());
        SmallDisk disk = new SmallDisk();
        ImageStore small = new ImageStore(target.directory(), disk, Clock.systemUTC(), Thread::new, ImageKeys.NONE);

        ImageCopy copy = ImageArchive.restore(stream(archive), small);

        assertThat(contents(copy.image())).isEqualTo(contents(image.directory()));
        assertThat(disk.written).isBetween(ROOM / 2, ROOM);
        assertNothingElse(1);
    }

    @Test
    void areNotBegunWhereTheyHaveNoRoom() throws IOException {
        String file = "sample/000001-20260102T030405.678Z/" + ImageHandle.PACK;
        ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        ZipOutputStream zip = new ZipOutputStream(beginning);
        ZipEntry entry = new ZipEntry(file);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(2 * ROOM);
        entry.setCrc(0);
        zip.putNextEntry(entry);
        zip.flush();
        SmallDisk disk = new SmallDisk();
        ImageStore small = new ImageStore(target.directory(), disk, Clock.systemUTC(), Thread::new, ImageKeys.NONE);
        InputStream endless = new SequenceInputStream(stream(beginning.toByteArray()), new Zeros());
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageArchive.restore(endless, small))
                .matches(failure -> failure.problem() == ImageProblem.NO_SPACE);
        assertThat(disk.written).isZero();
        assertNothingElse(0);
    }

    @Test
    void leaveNothingWhereTheirReceiverDies() throws IOException {
        Files.createDirectories(target.directory());
        Path left = Files.createDirectories(target.directory().resolve(".importing-1-2"));
        Files.write(left.resolve(ImageHandle.PACK), new byte[10]);
        Path lock = Files.createFile(target.directory().resolve(".importing-1-2.lock"));
        Path busy = target.directory().resolve(".importing-1-3.lock");
        byte[] archive = exported(SampleImages.write(source, SampleImages.SMALL).directory());
        try (Disk.Growing other = new FileDisk().grow(busy)) {
            assertThat(other).isNotNull();

            ImageArchive.restore(stream(archive), target);

            assertThat(left).doesNotExist();
            assertThat(lock).doesNotExist();
            assertThat(busy).exists();
        }
        assertThat(target.names()).containsExactly(SampleImages.NAME);
    }

    private void assertNothingElse(int images) throws IOException {
        assertThat(target.directories(SampleImages.NAME)).hasSize(images);
        if (Files.exists(target.directory())) {
            try (Stream<Path> files = Files.list(target.directory())) {
                assertThat(files).allMatch(file -> file.endsWith(SampleImages.NAME));
            }
        }
    }

    private static final class DeadLine extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the line is dead");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }
    }

    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) 0);
            return length;
        }
    }

    /** A disk of some megabytes, of which what is written takes some. */
    private static final class SmallDisk implements Disk {
        private final Disk real = new FileDisk();
        private long written;

        @Override
        public void createDirectories(Path place) throws IOException {
            real.createDirectories(place);
        }

        @Override
        public Output create(Path file) throws IOException {
            return new Counted(Objects.requireNonNull(real.grow(file)));
        }

        @Override
        public Growing grow(Path file) throws IOException {
            return new Counted(Objects.requireNonNull(real.grow(file)));
        }

        @Override
        public void force(Path place) throws IOException {
            real.force(place);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            real.move(from, to);
        }

        @Override
        public void link(Path existing, Path name) throws IOException {
            real.link(existing, name);
        }

        @Override
        public void deleteTree(Path place) throws IOException {
            real.deleteTree(place);
        }

        @Override
        public long usableBytes(Path place) {
            return ROOM - written;
        }

        private final class Counted implements Growing {
            private final Growing file;

            Counted(Growing file) {
                this.file = file;
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public int read(ByteBuffer bytes, long offset) throws IOException {
                return file.read(bytes, offset);
            }

            @Override
            public void truncate(long size) throws IOException {
                file.truncate(size);
            }

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                written += bytes.remaining();
                file.write(bytes);
            }

            @Override
            public void force() throws IOException {
                file.force();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        }
    }
}
