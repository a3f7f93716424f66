package dev.ingot.node;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The images on the disk of a node that has one of its own. Those of workloads that have gone elsewhere stay for a while, so that less
 * travels when they come back: the newest of each, as long as they take no more than their room, and no more than a tenth of what is
 * free. Thread-safe.
 */
final class ImageShelf {
    private static final String IMAGES = "images";
    private static final String COPYING = ".copying-";
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int PART_OF_FREE = 10;
    /** All that is held is told with each beat, which has a limit. */
    private static final int MOST_DEPARTED = 1000;

    private final PoolDirectory home;
    private final long mostBytes;
    /** Whose images may go, who went first at the front. */
    private final Set<String> departed = new LinkedHashSet<>();

    private List<HeldImage> held = List.of();
    private long lookedAt;
    private boolean looked;

    /**
     * What an earlier process left, but for its images and what had come of some, is deleted.
     *
     * @param mostBytes the most that images of workloads take that have gone elsewhere
     */
    ImageShelf(PoolDirectory home, long mostBytes) throws IOException {
        this.home = home;
        this.mostBytes = mostBytes;
        for (String workload : workloads()) {
            keepImagesAlone(workload, true);
            departed.add(workload);
        }
        evict();
    }

    private List<String> workloads() throws IOException {
        return Files.exists(home.workloads()) ? names(home.workloads()) : List.of();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** A workload is held from now on. */
    synchronized void claim(String workload) {
        departed.remove(workload);
    }

    /** A workload is not held any more; it may come back. */
    synchronized void depart(String workload) throws IOException {
        keepImagesAlone(workload, false);
        departed.add(workload);
        evict();
        looked = false;
    }

    /** A workload does not come back. */
    synchronized void gone(String workload) throws IOException {
        departed.remove(workload);
        home.deleteWorkload(workload);
        looked = false;
    }

    /** What is there, as it was a second ago at most. */
    synchronized List<HeldImage> held() {
        if (!looked || System.nanoTime() - lookedAt > LOOK_NANOS) {
            looked = true;
            lookedAt = System.nanoTime();
            held = look();
        }
        return held;
    }

    private List<HeldImage> look() {
        List<HeldImage> found = new ArrayList<>();
        try {
            for (String workload : workloads()) {
                for (Path image : ImageStore.at(home.images(workload)).directories(workload)) {
                    found.add(new HeldImage(workload, String.valueOf(image.getFileName())));
                }
            }
        } catch (IOException busy) {
            // Something is being deleted at this moment: it is looked at again.
            looked = false;
        }
        return List.copyOf(found);
    }

    /** @param begun whether to keep also what has come of an image that is not complete, and more than one image */
    private void keepImagesAlone(String workload, boolean begun) throws IOException {
        Path all = home.workload(workload);
        if (Files.notExists(all)) {
            return;
        }
        for (String name : names(all)) {
            if (!name.equals(IMAGES)) {
                PoolDirectory.delete(all.resolve(name));
            }
        }
        Path images = home.images(workload).resolve(workload);
        if (Files.notExists(images)) {
            PoolDirectory.delete(all);
            return;
        }
        Set<String> kept = kept(workload, begun);
        for (String name : names(images)) {
            boolean copying = begun && name.startsWith(COPYING);
            if (!kept.contains(name) && !copying) {
                PoolDirectory.delete(images.resolve(name));
            }
        }
    }

    private Set<String> kept(String workload, boolean all) throws ImageException {
        TreeSet<String> complete = new TreeSet<>(ImageStore::byAge);
        for (Path image : ImageStore.at(home.images(workload)).directories(workload)) {
            complete.add(String.valueOf(image.getFileName()));
        }
        return all || complete.isEmpty() ? complete : Set.of(complete.last());
    }

    private void evict() throws IOException {
        long bytes = 0;
        for (String workload : departed) {
            bytes += size(home.workload(workload));
        }
        Iterator<String> first = departed.iterator();
        while (first.hasNext() && (departed.size() > MOST_DEPARTED || bytes > room(bytes))) {
            String workload = first.next();
            bytes -= size(home.workload(workload));
            first.remove();
            home.deleteWorkload(workload);
        }
    }

    private long room(long taken) throws IOException {
        long free = Files.getFileStore(home.path()).getUsableSpace() + taken;
        return Math.min(mostBytes, free / PART_OF_FREE);
    }

    /** A file with several names counts as several. */
    private static long size(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
