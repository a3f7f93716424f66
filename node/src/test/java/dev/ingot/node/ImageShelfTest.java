package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays on a node's disk of workloads that it does not hold any more. */
class ImageShelfTest {
    private static final long MUCH = 100L << 20;

    @TempDir
    private Path directory = Path.of("");

    private PoolDirectory home = new PoolDirectory(Path.of("/tmp"));

    @BeforeEach
    void createHome() {
        home = new PoolDirectory(directory.resolve("home"));
    }

    private String image(String workload) throws IOException {
        ImageDescription description =
                new ImageDescription(workload, null, "0.1", "w1", ProcessDescription.ofThisProcess(), 0);
        ImageStore store = ImageStore.at(home.images(workload));
        PoolDirectory.createOwned(store.directory());
        try (ImageWriter writer = store.begin(description)) {
            try (OutputStream out = writer.section("heap")) {
                byte[] noise = new byte[1 << 20];
                new Random(1).nextBytes(noise);
                out.write(noise);
            }
            ImageHandle image = writer.commit(ImageContents.EMPTY);
            return String.valueOf(image.directory().getFileName());
        }
    }

    @Test
    void theNewestImageOfAWorkloadThatHasGoneElsewhereStays() throws Exception {
        PoolDirectory.createOwned(home.path());
        ImageShelf shelf = new ImageShelf(home, MUCH);
        shelf.claim("job-1");
        image("job-1");
        String newest = image("job-1");
        Files.writeString(home.output("job-1", 1), "output");
        assertThat(shelf.held()).hasSize(2);

        shelf.depart("job-1");

        assertThat(shelf.held()).containsExactly(new HeldImage("job-1", newest));
        assertThat(home.output("job-1", 1)).doesNotExist();
        shelf.gone("job-1");
        assertThat(home.workloads()).isEmptyDirectory();
        assertThat(shelf.held()).isEmpty();
    }

    /** Each beat tells of all, and one that is too long is refused. */
    @Test
    void imagesOfNoMoreThanAThousandStay() throws Exception {
        for (int number = 0; number < 1003; number++) {
            String workload = "job-" + number;
            Files.createDirectories(home.images(workload).resolve(workload).resolve("000001-20261201T000000.000Z"));
        }

        assertThat(new ImageShelf(home, MUCH).held()).hasSize(1000);
    }

    @Test
    void whoWentFirstMakesRoom() throws Exception {
        PoolDirectory.createOwned(home.path());
        ImageShelf shelf = new ImageShelf(home, 5 << 19);
        for (String workload : new String[] {"job-3", "job-1", "job-2"}) {
            shelf.claim(workload);
            image(workload);
        }

        shelf.depart("job-3");
        shelf.depart("job-1");
        shelf.depart("job-2");

        assertThat(shelf.held()).extracting(HeldImage::workload).containsExactly("job-1", "job-2");
        // One that is held again is nobody's room.
        shelf.claim("job-1");
        image("job-4");
        shelf.depart("job-4");
        assertThat(shelf.held()).extracting(HeldImage::workload).containsExactly("job-1", "job-2", "job-4");
        ImageShelf none = new ImageShelf(home, 0);
        assertThat(none.held()).isEmpty();
    }

    @Test
    void imagesAndWhatHadComeOfOneSurviveTheProcess() throws Exception {
        String older = image("job-1");
        String newer = image("job-1");
        Path begun = home.images("job-1").resolve("job-1").resolve(".copying-" + newer);
        PoolDirectory.createOwned(begun);
        Path writing = home.images("job-1").resolve("job-1").resolve(".writing-1-1");
        PoolDirectory.createOwned(writing);
        Files.writeString(home.agentLog("job-1", 1), "warning");
        PoolDirectory.createOwned(home.workload("job-2"));

        ImageShelf shelf = new ImageShelf(home, MUCH);

        assertThat(shelf.held()).containsExactly(new HeldImage("job-1", older), new HeldImage("job-1", newer));
        assertThat(begun).exists();
        assertThat(writing).doesNotExist();
        assertThat(home.agentLog("job-1", 1)).doesNotExist();
        assertThat(home.workload("job-2")).doesNotExist();
    }
}
