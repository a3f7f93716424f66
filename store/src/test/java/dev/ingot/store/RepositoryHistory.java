package dev.ingot.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Processes that bring images to one repository, delete them and sweep it, at the same time: between two operations on the objects any of
 * them may wait for as long as others work, have one fail, or be killed; and weeks pass when nobody works. Whatever happens, each image that was brought and
 * that nobody deleted is there, and whatever passes for an image is whole.
 */
final class RepositoryHistory {
    private static final int MOST_AT_ONCE = 3;
    private static final int MOST_OPERATIONS = 8;
    private static final Duration LONG_AGO = Duration.ofDays(8);

    private final ObjectStore objects;
    private final Repository observer;
    private final List<Path> images;
    private final Random random;
    private final List<Actor> actors = new ArrayList<>();
    /** By their directories, those that must be there. */
    private final Set<String> brought = new HashSet<>();

    private Set<String> old = Set.of();
    private int numbers;
    /** What has happened, for people. */
    private final List<String> events = new ArrayList<>();

    /**
     * Nothing has happened yet.
     *
     * @param objects without any; stays open
     * @param images that may be brought, all of {@link Images#NAME}
     */
    RepositoryHistory(ObjectStore objects, List<ImageHandle> images, long seed) {
        this.objects = objects;
        this.observer = new Repository(objects);
        this.images = images.stream().map(ImageHandle::directory).toList();
        this.random = new Random(seed);
    }

    void run(int steps) throws IOException, InterruptedException {
        try {
            for (int step = 0; step < steps; step++) {
                step();
                check();
            }
            while (!actors.isEmpty()) {
                actors.get(0).goOn(Integer.MAX_VALUE);
            }
            check();
            checkThatAllCanBeBrought();
        } catch (AssertionError failure) {
            throw new AssertionError(String.join("\n", events), failure);
        } finally {
            for (Actor actor : List.copyOf(actors)) {
                actor.kill();
            }
        }
    }

    private void step() throws InterruptedException {
        int what = random.nextInt(20);
        if (what < 2 && actors.isEmpty()) {
            old = keys();
            events.add("a week passes");
        } else if (actors.size() < MOST_AT_ONCE && what < 9) {
            begin();
        } else if (!actors.isEmpty()) {
            Actor actor = actors.get(random.nextInt(actors.size()));
            switch (what) {
                case 18 -> actor.failNext();
                case 19 -> actor.kill();
                default -> actor.goOn(1 + random.nextInt(MOST_OPERATIONS));
            }
        }
    }

    private void begin() throws InterruptedException {
        Path image = images.get(random.nextInt(images.size()));
        Actor actor = switch (random.nextInt(5)) {
            case 0 -> new Sweeper();
            case 1 -> new Deleter(image);
            default -> new Bringer(image);
        };
        actors.add(actor);
        actor.start();
    }

    private Set<String> keys() {
        try {
            return objects.list("").stream().map(ObjectStore.Entry::key).collect(Collectors.toSet());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void check() throws IOException {
        Set<String> there = new HashSet<>();
        for (RemoteImage image : observer.images(Images.NAME)) {
            there.add(image.directory());
            assertThat(observer.verify(image))
                    .as("%s passes for an image", image.directory())
                    .isEmpty();
        }
        assertThat(there).containsAll(brought);
    }

    /** Nothing that was left stands in the way, and nothing is left of what was deleted and swept. */
    private void checkThatAllCanBeBrought() throws IOException {
        for (Path image : images) {
            try (CarriedImage carried = ImageStore.carried(image)) {
                observer.push(carried);
            }
            brought.add(nameOf(image));
        }
        check();
        for (RemoteImage image : observer.images(Images.NAME)) {
            observer.delete(image);
        }
        observer.sweep(Images.NAME);
        assertThat(objects.list("")).isEmpty();
    }

    private static String nameOf(Path image) {
        return String.valueOf(image.getFileName());
    }

    /** A process, at most one of which works at any time. */
    private abstract class Actor {
        private final int number = numbers++;
        private final Semaphore turn = new Semaphore(0);
        private final Semaphore stopped = new Semaphore(0);
        private final Thread thread = new Thread(this::live, "actor");
        private volatile boolean fails;
        private volatile boolean killed;
        private volatile boolean ended;
        private volatile @Nullable Throwable fault;
        /** Of sweeps. */
        private final Set<String> marks = new LinkedHashSet<>();

        /** @param repository as this process sees it */
        abstract void act(Repository repository) throws IOException;

        abstract String image();

        @Override
        public String toString() {
            return getClass().getSimpleName() + number + " " + image();
        }

        /** Whether others are at work on the same image, so that an error is an answer too. */
        abstract boolean isDisturbed();

        void start() throws InterruptedException {
            thread.start();
            stopped.acquire();
        }

        private void live() {
            ObjectStore mine = (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, method, arguments) -> operate(method, arguments));
            try {
                await();
                act(new Repository(mine, 1));
            } catch (IOException expected) {
                if (!fails && !killed && !isDisturbed()) {
                    fault = expected;
                }
            } catch (RuntimeException | Error unexpected) {
                fault = unexpected;
            } finally {
                ended = true;
                stopped.release();
            }
        }

        private void await() throws IOException {
            stopped.release();
            turn.acquireUninterruptibly();
            if (killed) {
                throw new IOException("killed");
            }
        }

        private @Nullable Object operate(Method method, Object[] arguments) throws Throwable {
            if (killed) {
                throw new IOException("killed");
            }
            await();
            boolean failing = fails && random.nextBoolean();
            boolean done = !failing || random.nextBoolean();
            events.add(this + " " + method.getName() + " " + arguments[0] + (failing ? " fails" : "")
                    + (done ? "" : " and is not done"));
            if (!done) {
                throw new IOException("not done");
            }
            Object result;
            try {
                result = method.invoke(objects, arguments);
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            }
            String key = String.valueOf(arguments[0]);
            if (method.getName().equals("put") && key.contains("/sweeps/")) {
                marks.add(key);
            }
            if (method.getName().equals("put") || Boolean.TRUE.equals(result)) {
                Set<String> others = new HashSet<>(old);
                others.remove(key);
                old = others;
            }
            if (failing) {
                throw new IOException("done, but the answer did not come");
            }
            return result instanceof List<?> entries && method.getName().equals("list") ? aged(entries) : result;
        }

        private List<ObjectStore.Entry> aged(List<?> entries) {
            List<ObjectStore.Entry> aged = new ArrayList<>();
            for (Object each : entries) {
                ObjectStore.Entry entry = (ObjectStore.Entry) each;
                aged.add(
                        old.contains(entry.key())
                                ? new ObjectStore.Entry(
                                        entry.key(),
                                        entry.bytes(),
                                        entry.modified().minus(LONG_AGO))
                                : entry);
            }
            return aged;
        }

        void failNext() {
            fails = true;
        }

        void goOn(int operations) throws InterruptedException {
            for (int i = 0; i < operations && !ended; i++) {
                turn.release();
                stopped.acquire();
                if (operations == Integer.MAX_VALUE) {
                    letOthersGoOn();
                }
            }
            if (ended) {
                end();
            }
        }

        /** Who waits for a sweep must not wait for ever. */
        private void letOthersGoOn() throws InterruptedException {
            Actor other = actors.get(random.nextInt(actors.size()));
            if (other != this) {
                other.goOn(1);
            }
        }

        void kill() throws InterruptedException {
            events.add(this + " is killed");
            killed = true;
            turn.release();
            thread.join();
            end();
        }

        /** Its mark does not count any more once it has been there for as long as a sweep may take. */
        private void end() {
            events.add(this + " has ended");
            actors.remove(this);
            try {
                for (String mark : marks) {
                    objects.delete(mark);
                }
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
            if (fault != null) {
                throw new AssertionError(this + " failed", fault);
            }
        }
    }

    private final class Bringer extends Actor {
        private final Path image;
        /** Whether somebody deletes it meanwhile. */
        private boolean disturbed;

        Bringer(Path image) {
            this.image = image;
            this.disturbed = actors.stream()
                    .anyMatch(other -> other instanceof Deleter && other.image().equals(image()));
        }

        @Override
        void act(Repository repository) throws IOException {
            try (CarriedImage carried = ImageStore.carried(image)) {
                repository.push(carried);
            }
            if (!disturbed) {
                brought.add(image());
            }
        }

        @Override
        String image() {
            return nameOf(image);
        }

        @Override
        boolean isDisturbed() {
            return disturbed;
        }
    }

    private final class Deleter extends Actor {
        private final Path image;

        Deleter(Path image) {
            this.image = image;
            brought.remove(image());
            for (Actor other : actors) {
                if (other instanceof Bringer bringer && bringer.image().equals(image())) {
                    bringer.disturbed = true;
                }
            }
        }

        @Override
        void act(Repository repository) throws IOException {
            for (RemoteImage there : repository.images(Images.NAME)) {
                if (there.directory().equals(image())) {
                    repository.delete(there);
                }
            }
        }

        @Override
        String image() {
            return nameOf(image);
        }

        @Override
        boolean isDisturbed() {
            return false;
        }
    }

    private final class Sweeper extends Actor {
        @Override
        void act(Repository repository) throws IOException {
            repository.sweep(Images.NAME);
        }

        @Override
        String image() {
            return "";
        }

        @Override
        boolean isDisturbed() {
            return false;
        }
    }
}
