package dev.ingot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A repository on the file system. */
class PathRepositoryTest extends RepositoryContract {
    @Override
    protected ObjectStore objects() {
        return new PathObjectStore(directory.resolve("repository"), null);
    }

    @Override
    protected int histories() {
        return 20;
    }

    @Test
    void namesWhatIsBroken() throws IOException {
        ImageHandle image = write(Images.noise(1, 2 * Images.PIECE));
        try (Repository repository = new Repository(objects())) {
            push(repository, image);
            RemoteImage remote = repository.images(Images.NAME).get(0);
            List<Path> pieces;
            try (Stream<Path> files = Files.list(directory.resolve("repository/job/pieces"))) {
                pieces = files.sorted().toList();
            }
            Files.write(pieces.get(0), new byte[1]);
            Files.delete(pieces.get(1));

            assertThat(repository.verify(remote))
                    .hasSize(2)
                    .anyMatch(what -> what.contains(pieces.get(0).getFileName() + " is not what its name says"))
                    .anyMatch(what -> what.contains(pieces.get(1).getFileName() + " is missing"));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> pull(repository, remote));

            // Of a damaged piece another image makes no use, and heals it.
            Path manifest = directory.resolve("repository/job/images/" + remote.directory() + "/manifest.json");
            Files.delete(manifest);
            push(repository, image);
            assertThat(repository.verify(remote)).isEmpty();
        }
    }

    @Test
    void showsNoImageThatWasNotBroughtToItsEnd() throws IOException {
        ImageHandle image = write(Images.noise(1, Images.PIECE));
        try (Repository repository = new Repository(objects())) {
            push(repository, image);
            RemoteImage remote = repository.images(Images.NAME).get(0);
            for (String file : List.of("manifest.json", "launch", "pack.index")) {
                Path path = directory.resolve("repository/job/images/" + remote.directory() + "/" + file);
                byte[] content = Files.readAllBytes(path);
                Files.delete(path);
                assertThat(repository.images(Images.NAME)).as("without " + file).isEmpty();
                Files.write(path, content);
            }
            assertThat(repository.images(Images.NAME)).hasSize(1);
        }
    }

    @Test
    void refusesAnotherImageOfTheSamePlace() throws IOException {
        ImageHandle image = write(Images.noise(1, Images.PIECE));
        ImageHandle other = write(Images.noise(2, Images.PIECE));
        try (Repository repository = new Repository(objects());
                CarriedImage carried = ImageStore.carried(other.directory())) {
            push(repository, image);
            Path index = directory.resolve(
                    "repository/job/images/" + other.directory().getFileName() + "/pack.index");
            Files.createDirectories(index.getParent());
            Files.writeString(index, "ingot-pack-1\n");

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> repository.push(carried))
                    .withMessageContaining("another image has its place");
        }
    }

    @Test
    void letsNoKeyLeadOut() throws IOException {
        try (ObjectStore objects = objects()) {
            assertThatIllegalArgumentException().isThrownBy(() -> objects.put("../x", new byte[0]));
        }
    }

    @Test
    void opensWhatAFileSystemProviderKnows() throws IOException {
        ImageHandle image = write(Images.noise(1, 2 * Images.PIECE));
        URI archive = URI.create("jar:" + directory.resolve("backup.zip").toUri() + "!/");
        try (Repository repository = Repository.open(archive)) {
            push(repository, image);
        }
        try (Repository repository = Repository.open(archive)) {
            RemoteImage remote = repository.images(Images.NAME).get(0);
            assertThat(ImageStore.verify(ImageStore.open(pull(repository, remote)))
                            .isIntact())
                    .isTrue();
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Repository.open(URI.create("nonsense://x/y")))
                .withMessageContaining("nonsense://x/y");
    }

    @Test
    void anImageThatIsDeletedWhileItIsLookedAtIsNotThere() throws IOException {
        try (Repository repository = new Repository(objects())) {
            push(repository, write(Images.noise(1, Images.PIECE)));
        }
        try (Repository repository = new Repository(deletingWhatItLists(objects()))) {
            assertThat(repository.images(Images.NAME)).isEmpty();
        }
        try (Repository repository = new Repository(objects())) {
            push(repository, write(Images.noise(2, Images.PIECE)));
        }
        try (Repository repository = new Repository(deletingWhatItLists(objects()))) {
            assertThat(repository.sweep(Images.NAME)).isNotNull();
        }
    }

    /** As if somebody else deleted images just after they were listed. */
    private static ObjectStore deletingWhatItLists(ObjectStore objects) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(objects, arguments);
                        if (method.getName().equals("list")) {
                            for (Object entry : (List<?>) result) {
                                String key = ((ObjectStore.Entry) entry).key();
                                if (key.endsWith("/pack.index")) {
                                    objects.delete(key);
                                }
                            }
                        }
                        return result;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    /**
     * Images that share pieces come and go while sweeps run one after the other. Each image that is complete must be whole at any time:
     * a sweep that took a piece from one that was just being brought would show.
     */
    @Test
    void sweepsBesideThoseWhoBringImages() throws Exception {
        List<ImageHandle> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            byte[] heap = Images.noise(1, 4 * Images.PIECE);
            heap[i * Images.PIECE] ^= 1;
            images.add(write(heap));
        }
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Repository repository = new Repository(objects())) {
            Future<Integer> sweeper = threads.submit(() -> {
                int sweeps = 0;
                while (!done.get()) {
                    repository.sweep(Images.NAME);
                    sweeps++;
                    Thread.yield();
                }
                return sweeps;
            });
            for (int round = 0; round < 6; round++) {
                ImageHandle image = images.get(round % images.size());
                push(repository, image);
                List<RemoteImage> there = repository.images(Images.NAME);
                assertThat(there).hasSize(1);
                assertThat(repository.verify(there.get(0))).as("round " + round).isEmpty();
                repository.delete(there.get(0));
            }
            done.set(true);
            assertThat(sweeper.get()).isPositive();
        } finally {
            done.set(true);
            threads.shutdown();
        }
    }
}
