package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.Cleaner;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.ref.CleanerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class CleanerRoundTripTest {
    private static final Slot IMPLEMENTATION = Slot.of(Cleaner.class, "impl");

    /** What is cleaned up after; the test runner holds it for as long as a test runs. */
    private final Object subject = new Object();

    @Test
    void runsPendingActionsOfTheProgramsCleaners() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        Cleaner cleaner = Cleaner.create();
        Cleaner.Cleanable cleanable = cleaner.register(subject, cleaned::incrementAndGet);
        Object implementation = IMPLEMENTATION.get(cleaner);

        Cleaner.Cleanable copy = RoundTrip.restored(cleanable);
        Object[] state = RoundTrip.captured(implementation);
        state[1] = new Object[] {copy};
        Object restored = RoundTrip.restored(implementation, state);

        assertThat(restored).isNotSameAs(implementation);
        copy.clean();
        copy.clean();
        assertThat(cleaned).hasValue(1);
    }

    @Test
    void servesRestoredCleanersWithAThreadOfTheirOwn() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        Cleaner cleaner = Cleaner.create();
        Object implementation = IMPLEMENTATION.get(cleaner);
        Object[] state = RoundTrip.captured(implementation);
        state[0] = new ReferenceQueue<>();
        state[1] =
                new Object[] {waiting(cleaner.register(subject, cleaned::incrementAndGet), (ReferenceQueue<?>) state[0])
                };

        RoundTrip.restored(implementation, state);
        state[1] = null;
        JdkState.startThreads();

        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            System.gc();
            return cleaned.get() == 1;
        });
    }

    /** A restored copy of {@code cleanable} for an object that nobody else holds. */
    private static Object waiting(Cleaner.Cleanable cleanable, ReferenceQueue<?> queue) throws Exception {
        Object[] state = RoundTrip.captured(cleanable);
        state[0] = new Object();
        state[2] = queue;
        return RoundTrip.restored(cleanable, state);
    }

    @Test
    void joinsTheListOfTheJdksCleanerAgain() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        Cleaner.Cleanable cleanable = CleanerFactory.cleaner().register(subject, cleaned::incrementAndGet);

        Cleaner.Cleanable copy = RoundTrip.restored(cleanable);
        copy.clean();
        copy.clean();

        assertThat(cleaned).hasValue(1);
        cleanable.clean();
        assertThat(cleaned).hasValue(2);
    }

    @Test
    void keepsACleanedActionCleaned() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        Cleaner.Cleanable cleanable = CleanerFactory.cleaner().register(new Object(), cleaned::incrementAndGet);
        cleanable.clean();

        RoundTrip.restored(cleanable).clean();

        assertThat(cleaned).hasValue(1);
    }
}
