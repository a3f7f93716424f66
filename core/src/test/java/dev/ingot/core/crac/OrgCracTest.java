package dev.ingot.core.crac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.runtime.Control;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of org.crac, for every version of it that programs use. */
class OrgCracTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void notifiesNewestFirstBeforeAndOldestFirstAfter(String version) throws Exception {
        try (CracWorld world = CracWorld.of(version).withHandler(OrgCracTest::restored)) {
            world.call("register", "a");
            world.call("register", "b");
            world.call("register", "c");

            world.call("checkpoint");
            world.call("checkpoint");

            String[] once = {"before c", "before b", "before a", "after a", "after b", "after c", "returned"};
            assertThat(world.calls()).startsWith(once).endsWith(once).hasSize(14);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void vetoReachesAllWithItsCauseSuppressed(String version) throws Exception {
        IntUnaryOperator mustNotBeAsked = suspend -> {
            throw new AssertionError("checkpoint taken in spite of a veto");
        };
        try (CracWorld world = CracWorld.of(version).withHandler(mustNotBeAsked)) {
            world.call("register", "a");
            world.call("registerVetoing", "b");
            world.call("registerVetoing", "c");

            world.call("checkpoint");

            assertThat(world.calls())
                    .containsExactly(
                            "before c",
                            "before b",
                            "before a",
                            "after a",
                            "after b",
                            "after c",
                            "not checkpointed: c is busy; b is busy;");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void failureAfterTheRestoreIsARestoreException(String version) throws Exception {
        try (CracWorld world = CracWorld.of(version).withHandler(OrgCracTest::restored)) {
            world.call("registerFailingAfter", "a");
            world.call("register", "b");

            world.call("checkpoint");

            assertThat(world.calls())
                    .containsExactly("before b", "before a", "after a", "after b", "not restored: a cannot reconnect;");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void nestedContextsTakePartAtTheirPlace(String version) throws Exception {
        try (CracWorld world = CracWorld.of(version).withHandler(OrgCracTest::restored)) {
            world.call("register", "a");
            world.call("registerNested", "n");
            world.call("register", "b");

            world.call("checkpoint");

            assertThat(world.calls())
                    .containsExactly(
                            "before b",
                            "before n",
                            "before n.2",
                            "before n.1",
                            "before a",
                            "after a",
                            "after n.1",
                            "after n.2",
                            "after n",
                            "after b",
                            "returned");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void holdsResourcesWeakly(String version) throws Exception {
        try (CracWorld world = CracWorld.of(version).withHandler(OrgCracTest::restored)) {
            var dropped = (WeakReference<?>) world.call("registerDropped");
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                System.gc();
                return dropped.get() == null;
            });
            world.call("register", "a");

            world.call("checkpoint");

            assertThat(world.calls()).containsExactly("before a", "after a", "returned");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void callsNothingOfAResourceButItsHooks(String version) throws Exception {
        try (CracWorld world = CracWorld.of(version).withHandler(OrgCracTest::restored)) {
            world.call("registerUntouchable", "a");
            world.call("registerUntouchable", "b");

            world.call("checkpoint");

            assertThat(world.calls()).containsExactly("before b", "before a", "after a", "after b", "returned");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.3", "1.3.0", "1.4.0", "1.5.0"})
    void keepsRegistrationsThroughAnImage(String version) throws Exception {
        try (CracWorld world = CracWorld.of(version).withHandler(OrgCracTest::restored)) {
            world.call("register", "a");
            world.throughAnImage();
            world.call("register", "b");

            world.call("checkpoint");

            assertThat(world.calls())
                    .containsExactly("before a", "after a", "before b", "before a", "after a", "after b", "returned");
        }
    }

    private static int restored(int suspend) {
        return suspend == 1 ? Control.RESTORED : Control.CHECKPOINTED;
    }
}
