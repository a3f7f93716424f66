package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage is noticed wherever it lies, and never anything worse than an {@link ImageException}. */
class DamagedImageTest {
    private static final List<String> FILES = List.of(ImageHandle.MANIFEST, ImageHandle.PACK, ImageHandle.LAUNCH);

    @TempDir
    Path directory;

    @Test
    void noticesEveryFlippedBit() throws IOException {
        ImageHandle image = SampleImages.write(ImageStore.at(directory), SampleImages.SMALL);
        for (String name : FILES) {
            Path file = image.directory().resolve(name);
            byte[] intact = Files.readAllBytes(file);
            for (int i = 0; i < intact.length; i++) {
                byte[] damaged = intact.clone();
                damaged[i] ^= (byte) (1 << (i % 8));
                Files.write(file, damaged);
                assertThat(isNoticed(image.directory()))
                        .as("bit flipped at byte %d of %s", i, name)
                        .isTrue();
            }
            Files.write(file, intact);
        }
        assertThat(isNoticed(image.directory())).isFalse();
    }

    @Test
    void noticesTruncationAnywhere() throws IOException {
        ImageHandle image = SampleImages.write(ImageStore.at(directory), SampleImages.SMALL);
        for (String name : FILES) {
            Path file = image.directory().resolve(name);
            byte[] intact = Files.readAllBytes(file);
            for (int length = 0; length < intact.length; length++) {
                Files.write(file, Arrays.copyOf(intact, length));
                assertThat(isNoticed(image.directory()))
                        .as("%s cut at %d", name, length)
                        .isTrue();
            }
            Files.write(file, intact);
        }
    }

    @Test
    void readsNothingWrongFromADamagedPack() throws IOException {
        ImageHandle image = SampleImages.write(ImageStore.at(directory), SampleImages.SMALL);
        byte[] intact = Files.readAllBytes(image.pack());
        for (int i = 0; i < intact.length; i++) {
            byte[] damaged = intact.clone();
            damaged[i] ^= 0x40;
            Files.write(image.pack(), damaged);
            int failures = 0;
            for (Map.Entry<String, byte[]> section : SampleImages.SMALL.entrySet()) {
                try {
                    assertThat(ImageStoreTest.read(ImageStore.open(image.directory()), section.getKey()))
                            .isEqualTo(section.getValue());
                } catch (ImageException noticed) {
                    assertThat(noticed.problem()).isEqualTo(ImageProblem.CORRUPT);
                    assertThat(noticed.file()).isEqualTo(image.pack());
                    failures++;
                }
            }
            assertThat(failures).isEqualTo(1);
        }
    }

    @Test
    void reportsEachBrokenChunkByItsPlace() throws IOException {
        ImageHandle image = SampleImages.write(ImageStore.at(directory), SampleImages.SMALL);
        byte[] bytes = Files.readAllBytes(image.pack());
        for (SectionEntry section : image.manifest().sections()) {
            for (ChunkEntry chunk : section.chunks()) {
                bytes[(int) chunk.offset()] ^= 1;
            }
        }
        Files.write(image.pack(), bytes);

        Verification verification = ImageStore.verify(image);

        List<Long> places = image.manifest().sections().stream()
                .flatMap(section -> section.chunks().stream())
                .map(ChunkEntry::offset)
                .toList();
        assertThat(places).hasSize(2);
        assertThat(verification.broken().stream().map(BrokenPart::offset)).containsExactlyElementsOf(places);
        assertThat(verification.broken()).allMatch(part -> part.file().equals(image.pack()));
    }

    private static boolean isNoticed(Path image) {
        try {
            return !ImageStore.verify(ImageStore.open(image)).isIntact();
        } catch (ImageException noticed) {
            assertThat(noticed.getMessage()).contains(image.getFileName().toString());
            return true;
        } catch (RuntimeException | Error bad) {
            return fail("damage led to something other than an ImageException", bad);
        }
    }

    /** Nobody may ever write to it. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void waitsForNoPipeInPlaceOfAFile() throws IOException, InterruptedException {
        Path image =
                SampleImages.write(ImageStore.at(directory), SampleImages.SMALL).directory();
        for (String name : List.of(ImageHandle.LAUNCH, ImageHandle.PACK, ImageHandle.MANIFEST)) {
            Path file = image.resolve(name);
            Path aside = Files.move(file, directory.resolve("aside"));
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                    .isZero();
            assertThat(isNoticed(image)).as(name).isTrue();
            Files.delete(file);
            Files.move(aside, file);
        }
    }
}
