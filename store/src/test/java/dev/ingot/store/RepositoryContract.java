package dev.ingot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageCopy;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.KeyName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for images in a repository, whatever keeps its objects. */
public abstract class RepositoryContract {
    @TempDir
    protected Path directory;

    /** Empty objects, closed by the test. */
    protected abstract ObjectStore objects() throws IOException;

    @Test
    void keepsObjects() throws IOException {
        try (ObjectStore objects = objects()) {
            byte[] content = Images.noise(1, 100_000);
            objects.put("a/b/c", new byte[] {1});
            objects.put("a/b/c", content);
            assertThat(objects.read("a/b/c", content.length)).isEqualTo(content);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> objects.read("a/b/c", content.length - 1))
                    .withMessageContaining("longer than");
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> objects.read("a/b/d", 1));

            assertThat(objects.create("a/b/c", new byte[] {1})).isFalse();
            assertThat(objects.create("a/x", new byte[0])).isTrue();
            assertThat(objects.list("a/")).extracting(ObjectStore.Entry::key).containsExactlyInAnyOrder("a/b/c", "a/x");
            assertThat(objects.list("a/b/").get(0).bytes()).isEqualTo(content.length);
            assertThat(objects.list("none/")).isEmpty();
            assertThat(objects.children("")).containsExactly("a");
            assertThat(objects.children("a/")).containsExactly("b");

            objects.delete("a/b/c");
            objects.delete("a/b/c");
            assertThat(objects.list("")).extracting(ObjectStore.Entry::key).containsExactly("a/x");
        }
    }

    @Test
    void givesBackWhatItWasGiven() throws IOException {
        ImageHandle image = write(Images.noise(1, 3 * Images.PIECE + 100));
        try (Repository repository = new Repository(objects())) {
            Push push = push(repository, image);
            RemoteImage remote = repository.images(Images.NAME).get(0);

            assertThat(repository.names()).containsExactly(Images.NAME);
            assertThat(push.movedBytes()).isEqualTo(image.manifest().packBytes());
            assertThat(remote.bytes()).isEqualTo(image.manifest().packBytes());
            assertThat(remote.created()).isEqualTo(image.manifest().created());
            assertThat(repository.verify(remote)).isEmpty();
            Path copy = pull(repository, remote);
            assertThat(ImageStore.verify(ImageStore.open(copy)).isIntact()).isTrue();
            assertThat(ImageStore.open(copy).manifest()).isEqualTo(image.manifest());
            assertThat(push(repository, image).changed()).isFalse();
        }
    }

    @Test
    void storesEachPieceOnce() throws IOException {
        byte[] heap = Images.noise(1, 3 * Images.PIECE);
        ImageHandle first = write(heap);
        heap[0] ^= 1;
        ImageHandle second = write(heap);
        try (Repository repository = new Repository(objects())) {
            push(repository, first);

            Push push = push(repository, second);

            assertThat(push.movedBytes()).isEqualTo(Images.PIECE);
            assertThat(push.reusedBytes()).isEqualTo(2 * Images.PIECE);
            for (RemoteImage image : repository.images(Images.NAME)) {
                assertThat(repository.verify(image)).isEmpty();
            }
        }
    }

    @Test
    void sweepsOnlyWhatNoImageHas() throws IOException {
        byte[] heap = Images.noise(1, 3 * Images.PIECE);
        ImageHandle first = write(heap);
        heap[0] ^= 1;
        ImageHandle second = write(heap);
        try (Repository repository = new Repository(objects())) {
            push(repository, first);
            push(repository, second);
            assertThat(repository.sweep(Images.NAME)).isEqualTo(new Sweep(0, 0, 0));

            repository.delete(repository.images(Images.NAME).get(0));

            assertThat(repository.sweep(Images.NAME)).isEqualTo(new Sweep(1, Images.PIECE, 0));
            List<RemoteImage> left = repository.images(Images.NAME);
            assertThat(left)
                    .extracting(RemoteImage::directory)
                    .containsExactly(second.directory().getFileName().toString());
            assertThat(repository.verify(left.get(0))).isEmpty();
        }
    }

    @Test
    void carriesSealedImagesWithoutTheirKey() throws IOException {
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        ImageKeys keys = ImageKeys.sealedOnly(KeyName.parse("file:" + key).provider());
        ImageHandle image = Images.write(directory.resolve("source"), keys, Images.noise(1, 2 * Images.PIECE));
        try (Repository repository = new Repository(objects())) {
            push(repository, image);
            RemoteImage remote = repository.images(Images.NAME).get(0);

            assertThat(remote.sealed()).isTrue();
            assertThat(repository.verify(remote)).isEmpty();
            ImageHandle copy = ImageStore.open(pull(repository, remote), keys);
            assertThat(ImageStore.verify(copy).isIntact()).isTrue();
        }
    }

    /** Each image by itself, and each piece once. */
    @Test
    void carriesImagesThatGoOnOthers() throws IOException {
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        for (ImageKeys keys : List.of(
                ImageKeys.NONE,
                ImageKeys.sealedOnly(KeyName.parse("file:" + key).provider()))) {
            Path source = directory.resolve("source-" + keys.hashCode());
            ImageHandle first = Images.write(source, keys, Images.noise(1, Images.PIECE));
            ImageHandle second = Images.writeOn(first, source, keys, Images.noise(2, Images.PIECE / 2));
            try (Repository repository = new Repository(objects())) {
                push(repository, first);
                Push push = push(repository, second);
                assertThat(push.movedBytes()).isEqualTo(second.manifest().packBytes());
                assertThat(push.reusedBytes()).isEqualTo(first.manifest().packBytes());
                List<RemoteImage> images = repository.images(Images.NAME);
                assertThat(images).extracting(RemoteImage::sealed).containsOnly(second.isSealed());
                assertThat(images.get(1).bytes()).isEqualTo(second.manifest().packBytes());

                repository.delete(images.get(0));
                assertThat(repository.sweep(Images.NAME)).isEqualTo(new Sweep(0, 0, 0));
                assertThat(repository.verify(images.get(1))).isEmpty();
                ImageHandle copy = ImageStore.open(pull(repository, images.get(1)), keys);
                assertThat(ImageStore.verify(copy).broken()).isEmpty();
                try (InputStream heap = copy.series("heap")) {
                    assertThat(heap.readAllBytes()).hasSize(Images.PIECE + Images.PIECE / 2);
                }

                repository.delete(images.get(1));
                assertThat(repository.images(Images.NAME)).isEmpty();
                assertThat(repository.sweep(Images.NAME).bytes())
                        .isEqualTo(
                                first.manifest().packBytes() + second.manifest().packBytes());
                ImageStore.at(directory.resolve("target")).delete(copy);
            }
        }
    }

    /** How many histories are tried; {@code -Dingot.seed=N} runs one again. */
    protected abstract int histories();

    @Test
    void keepsWhatWasBroughtWhateverHappens() throws Exception {
        List<ImageHandle> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            // Two by two of the same piece.
            images.add(write(Images.noise(i % 2, 500)));
        }
        ImageHandle first = write(Images.noise(0, 500));
        images.add(Images.writeOn(first, directory.resolve("source"), ImageKeys.NONE, Images.noise(1, 500)));
        Long chosen = Long.getLong("ingot.seed");
        long begin = chosen != null ? chosen : System.nanoTime();
        for (long seed = begin; seed < begin + (chosen != null ? 1 : histories()); seed++) {
            try (ObjectStore objects = objects()) {
                new RepositoryHistory(objects, images, seed).run(60);
            } catch (AssertionError | IOException | RuntimeException failure) {
                throw new AssertionError("run again with -Dingot.seed=" + seed, failure);
            }
        }
    }

    protected final ImageHandle write(byte[] heap) throws IOException {
        return Images.write(directory.resolve("source"), ImageKeys.NONE, heap);
    }

    protected static Push push(Repository repository, ImageHandle image) throws IOException {
        try (CarriedImage carried = ImageStore.carried(image.directory())) {
            return repository.push(carried);
        }
    }

    protected final Path pull(Repository repository, RemoteImage image) throws IOException {
        try (CarriedImage carried = repository.carried(image)) {
            ImageCopy copy = ImageStore.at(directory.resolve("target")).receive(carried);
            return copy.image();
        }
    }
}
