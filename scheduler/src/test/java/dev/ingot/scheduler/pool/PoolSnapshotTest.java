package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.wire.SnapshotJson;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pool that goes on from a snapshot, by way of its text, decides as the one that was never interrupted. */
class PoolSnapshotTest {
    /** With few that have ended, so that some are forgotten. */
    private static final Policy POLICY = new Policy(
            60_000, 0, 5_000, 3, 10_000, 4, 6, 20_000, 3_600_000, 3_600_000, 3, 5, true, Placement.FRAGMENTATION);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRestoredPoolDecidesAsTheOriginalWouldHave(long seed) throws JsonException {
        Pool original = new Pool(POLICY);
        assertRestored(original, PoolLawsTest.record(original, seed, 250), seed);
    }

    static LongStream fewSeeds() {
        return seeds().limit(15);
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void soDoesOneWhoseNodesHaveLocations(long seed) throws JsonException {
        Pool original = new Pool(POLICY);
        assertRestored(original, TopologyTest.record(original, seed, 250), seed);
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void soDoesOneWhoseImagesCannotGoOnEverywhere(long seed) throws JsonException {
        Pool original = new Pool(POLICY);
        assertRestored(original, PoolLawsTest.record(original, seed, 250, 2), seed);
    }

    private static void assertRestored(Pool original, List<FakeNodes.Timed> commands, long seed) throws JsonException {
        Random random = new Random(seed);

        for (int trial = 0; trial < 5; trial++) {
            int cut = random.nextInt(commands.size());
            Pool before = new Pool(POLICY);
            apply(before, commands.subList(0, cut));
            Pool after = Pool.restore(POLICY, byWayOfText(before.snapshot()));
            assertThat(after.snapshot()).isEqualTo(before.snapshot());
            long at = before.snapshot().at();
            assertThat(after.nextTick(at)).as("after %d", at).isEqualTo(before.nextTick(at));
            apply(after, commands.subList(cut, commands.size()));

            assertThat(after.snapshot()).as("interrupted at %d", cut).isEqualTo(original.snapshot());
            assertThat(after.nextTick(0)).isEqualTo(original.nextTick(0));
            original.nodes()
                    .forEach(node -> assertThat(after.orders(node.name())).isEqualTo(original.orders(node.name())));
        }
    }

    private static void apply(Pool pool, List<FakeNodes.Timed> commands) {
        commands.forEach(timed -> pool.apply(timed.at(), timed.command()));
    }

    static PoolSnapshot byWayOfText(PoolSnapshot snapshot) throws JsonException {
        SnapshotJson reader = new SnapshotJson();
        for (String text : SnapshotJson.texts(snapshot).toList()) {
            reader.read(JsonObject.parse(text));
        }
        return reader.snapshot();
    }
}
