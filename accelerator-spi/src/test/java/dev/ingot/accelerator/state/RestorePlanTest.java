package dev.ingot.accelerator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestorePlanTest {
    private static final Operation GEMM = StandardOperations.GEMM_F32;
    private static final Operation SORT = StandardOperations.MERGE_PASS_I32;
    private static final DeviceDescriptor SOURCE = device("source", 1000, Set.of(KernelFormat.JAVA));

    @Test
    void idleDeviceGoesAnywhereItFits() {
        RestorePlan plan = RestorePlan.of(state(DeviceState.FORMAT, 1000), device("bare", 1000, Set.of()));

        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(plan.recomputed()).isZero();
        assertThat(plan.kept()).isEqualTo(Determinism.BITWISE_ANY_KIND);
        assertThat(plan.reasons()).isEmpty();
    }

    @Test
    void nothingIsRepeatedWhereAnyItemIsASafePoint() {
        RestorePlan plan = RestorePlan.of(state(DeviceState.FORMAT, 10, command(GEMM, 100, 37)), SOURCE);

        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(plan.recomputed()).isZero();
    }

    @Test
    void coarserGrainRepeatsWhatIsBehindItsLastMultiple() {
        DeviceDescriptor target = device("coarse", 1000, Set.of(), support(GEMM, Determinism.BITWISE_ANY_KIND, 16));
        RestorePlan plan =
                RestorePlan.of(state(DeviceState.FORMAT, 10, command(GEMM, 100, 37), command(GEMM, 100, 0)), target);

        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(plan.recomputed()).isCloseTo(5 / 200d, within(1e-9));
    }

    @Test
    void whatIsRepeatedTakesAsLongAsItTook() {
        DeviceDescriptor coarse = device("coarse", 1000, Set.of(), support(GEMM, Determinism.BITWISE_ANY_KIND, 16));
        CommandState measured = new CommandState("queue", GEMM, 100, 37, null, 2e6);
        CommandState waiting = command(GEMM, 1000, 0);

        assertThat(RestorePlan.of(state(DeviceState.FORMAT, 10, measured, waiting), coarse)
                        .recomputedNanos())
                .isEqualTo(5 * 2_000_000);
        assertThat(RestorePlan.of(state(DeviceState.FORMAT, 10, measured, waiting), SOURCE)
                        .recomputedNanos())
                .isZero();
        CommandState stopped =
                new CommandState("queue", GEMM, 100, 32, new Registers("array@1", 32, 48, Map.of()), 1e6);
        assertThat(RestorePlan.of(state(DeviceState.FORMAT, 10, stopped), coarse)
                        .recomputedNanos())
                .isEqualTo(16 * 1_000_000);
    }

    @Test
    void saysWhichPromiseIsLowered() {
        DeviceDescriptor target = device("sloppy", 1000, Set.of(), support(GEMM, Determinism.TOLERANCE, 1));
        RestorePlan plan = RestorePlan.of(state(DeviceState.FORMAT, 10, command(GEMM, 100, 37)), target);

        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(plan.kept()).isEqualTo(Determinism.TOLERANCE);
        assertThat(plan.reasons())
                .containsExactly(
                        "gemm.f32@1 is BITWISE_ANY_KIND on source:0, TOLERANCE on sloppy:0 and TOLERANCE across both");
        assertThat(plan.lowered()).isEqualTo(Determinism.TOLERANCE);
        assertThat(plan.isAccepted(null)).isFalse();
        assertThat(plan.isAccepted(Determinism.BITWISE_SAME_BUILD)).isFalse();
        assertThat(plan.isAccepted(Determinism.TOLERANCE)).isTrue();
    }

    @Test
    void saysHowFarResultsMayBeFromTheContract() {
        OperationSupport near =
                new OperationSupport(GEMM.identity(), Determinism.TOLERANCE, 1, new Tolerance(4, 1e-5f));
        RestorePlan plan = RestorePlan.of(
                state(DeviceState.FORMAT, 10, command(GEMM, 100, 37)), device("near", 1000, Set.of(), near));

        assertThat(plan.reasons())
                .containsExactly("gemm.f32@1 is BITWISE_ANY_KIND on source:0, "
                        + "TOLERANCE (within 4 ulp or 1.0E-5 of the contract) on near:0 and TOLERANCE across both");
    }

    /** What is the same on one kind keeps that on another device of the kind, and on another kind only what is left of it. */
    @Test
    void whatIsTheSameOnOneKindIsNotTheSameAcrossTwo() {
        DeviceState state = new DeviceState(
                DeviceState.FORMAT,
                ofOneKind("one", DeviceKind.GPU, "1"),
                List.of(),
                List.of(command(GEMM, 100, 37)),
                List.of(GEMM),
                null);

        RestorePlan sameKind = RestorePlan.of(state, ofOneKind("other", DeviceKind.GPU, "2"));
        assertThat(sameKind.kept()).isEqualTo(Determinism.BITWISE_SAME_KIND);
        assertThat(sameKind.lowered()).isNull();
        assertThat(sameKind.isAccepted(null)).isTrue();

        // One driver for devices of two kinds, as OpenCL's is.
        RestorePlan sameBuild = RestorePlan.of(state, ofOneKind("one", DeviceKind.CPU, "1"));
        assertThat(sameBuild.kept()).isEqualTo(Determinism.BITWISE_SAME_BUILD);
        assertThat(sameBuild.lowered()).isEqualTo(Determinism.BITWISE_SAME_BUILD);
        assertThat(sameBuild.isAccepted(Determinism.BITWISE_SAME_KIND)).isFalse();
        assertThat(sameBuild.isAccepted(Determinism.BITWISE_SAME_BUILD)).isTrue();

        for (DeviceDescriptor another :
                List.of(ofOneKind("other", DeviceKind.CPU, "1"), ofOneKind("one", DeviceKind.CPU, "2"))) {
            RestorePlan plan = RestorePlan.of(state, another);
            assertThat(plan.kept()).as("%s", another).isEqualTo(Determinism.TOLERANCE);
            assertThat(plan.lowered()).isEqualTo(Determinism.TOLERANCE);
        }
    }

    /** Between what is the same everywhere and what is so on one kind, less than before is left even on that kind. */
    @Test
    void whatIsTheSameEverywhereIsLoweredByADeviceThatPromisesItForItsKind() {
        DeviceState everywhere = state(DeviceState.FORMAT, 10, command(GEMM, 100, 37));
        RestorePlan plan = RestorePlan.of(everywhere, ofOneKind("kind", SOURCE.kind(), "2"));

        assertThat(plan.kept()).isEqualTo(Determinism.BITWISE_SAME_KIND);
        assertThat(plan.lowered()).isEqualTo(Determinism.BITWISE_SAME_KIND);
        assertThat(plan.isAccepted(null)).isFalse();
        assertThat(plan.isAccepted(Determinism.BITWISE_SAME_KIND)).isTrue();
        assertThat(RestorePlan.of(everywhere, ofOneKind("kind", DeviceKind.FPGA, "2"))
                        .lowered())
                .isEqualTo(Determinism.TOLERANCE);
    }

    private static DeviceDescriptor ofOneKind(String provider, DeviceKind kind, String build) {
        OperationSupport support = support(GEMM, Determinism.BITWISE_SAME_KIND, 1);
        return new DeviceDescriptor(
                provider, "0", kind, "test", build, 1000, Map.of(), Map.of(GEMM.identity(), support), Set.of());
    }

    /** What was computed on one build is not the same to the bit as what another one would have computed. */
    @Test
    void whatIsTheSameOnOneBuildIsNotTheSameAcrossTwo() {
        OperationSupport sameBuild = support(GEMM, Determinism.BITWISE_SAME_BUILD, 1);
        DeviceState state = new DeviceState(
                DeviceState.FORMAT,
                device("engine", 1000, Set.of(), sameBuild),
                List.of(),
                List.of(),
                List.of(GEMM),
                null);

        RestorePlan same = RestorePlan.of(state, device("engine", 1000, Set.of(), sameBuild));
        assertThat(same.kept()).isEqualTo(Determinism.BITWISE_SAME_BUILD);
        assertThat(same.lowered()).isNull();
        assertThat(same.isAccepted(null)).isTrue();

        RestorePlan other = RestorePlan.of(state, device("other", 1000, Set.of(), sameBuild));
        assertThat(other.kept()).isEqualTo(Determinism.TOLERANCE);
        RestorePlan exact = RestorePlan.of(state, SOURCE);
        assertThat(exact.lowered()).isEqualTo(Determinism.TOLERANCE);
        // It has nothing of the kind, and will refuse it by name.
        assertThat(RestorePlan.of(state, device("bare", 1000, Set.of())).lowered())
                .isNull();
    }

    @Test
    void nativeIsForOneBuildAndALivingProcess() {
        DeviceDescriptor source = nativeDevice("0", "driver 1");
        DeviceState living = new DeviceState(
                DeviceState.FORMAT, source, List.of(), List.of(command(GEMM, 100, 37)), List.of(GEMM), "driver 1");
        DeviceState inAnImage = new DeviceState(
                DeviceState.FORMAT, source, List.of(), List.of(command(GEMM, 100, 37)), List.of(GEMM), null);

        assertThat(RestorePlan.of(living, nativeDevice("1", "driver 1")).mode()).isEqualTo(RestorePlan.Mode.NATIVE);
        assertThat(RestorePlan.of(living, nativeDevice("1", "driver 2")).mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(RestorePlan.of(living, SOURCE).mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(RestorePlan.of(inAnImage, nativeDevice("1", "driver 1")).mode())
                .isEqualTo(RestorePlan.Mode.PORTABLE);
    }

    private static DeviceDescriptor nativeDevice(String id, String build) {
        return new DeviceDescriptor(
                "native",
                id,
                DeviceKind.GPU,
                "test",
                build,
                1000,
                Map.of(NativeBackend.ATTRIBUTE, Attribute.of(build)),
                Map.of(),
                Set.of(KernelFormat.JAVA));
    }

    @Test
    void namesEveryObstacle() {
        DeviceDescriptor target = device("small", 9, Set.of(), support(GEMM, Determinism.BITWISE_ANY_KIND, 1));
        RestorePlan plan =
                RestorePlan.of(state(DeviceState.FORMAT + 1, 10, command(GEMM, 100, 37), command(SORT, 5, 0)), target);

        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.IMPOSSIBLE);
        assertThat(plan.isPossible()).isFalse();
        assertThat(plan.kept()).isEqualTo(Determinism.NONE);
        assertThat(plan.reasons())
                .containsExactly(
                        "the state has format 2, this version reads format 1",
                        "the buffers take 10 bytes, small:0 has 9",
                        "small:0 does not have merge-pass.i32@1");
    }

    @Test
    void whatCannotBeRepeatedNeedsItsVeryItem() {
        Operation once = new Operation(
                "once", 1, List.of(), List.of(), Determinism.BITWISE_ANY_KIND, false, GEMM.contract(), Map.of());
        DeviceDescriptor coarse = device("coarse", 1000, Set.of(), support(once, Determinism.BITWISE_ANY_KIND, 16));

        assertThat(RestorePlan.of(state(DeviceState.FORMAT, 10, command(once, 100, 37)), coarse)
                        .reasons())
                .containsExactly("once@1 stands at item 37, which is no multiple of coarse:0's grain of 16, and cannot"
                        + " be repeated");
        assertThat(RestorePlan.of(state(DeviceState.FORMAT, 10, command(once, 100, 32)), coarse)
                        .isPossible())
                .isTrue();
    }

    @Test
    void registersGoToTheSameDesignAlone() {
        DeviceState state = state(DeviceState.FORMAT, 10, stopped(GEMM));
        DeviceDescriptor same = device("same", 1000, Set.of(), circuit(GEMM, "array@1"));
        DeviceDescriptor other = device("other", 1000, Set.of(), circuit(GEMM, "array@2"));

        assertThat(RestorePlan.of(state, same).mode()).isEqualTo(RestorePlan.Mode.NAMED);
        assertThat(RestorePlan.of(state, same).recomputed()).isZero();
        assertThat(RestorePlan.of(state, same).reasons()).isEmpty();
        RestorePlan plan = RestorePlan.of(state, other);
        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(plan.recomputed()).isCloseTo(16 / 100d, within(1e-9));
        assertThat(plan.reasons())
                .containsExactly(
                        "gemm.f32@1 stands within items 32 to 48, and other:0 is not of design array@1: they are"
                                + " computed again");
    }

    @Test
    void registersOfWhatCannotBeRepeatedMustBeTaken() {
        Operation once = new Operation(
                "once", 1, List.of(), List.of(), Determinism.BITWISE_ANY_KIND, false, GEMM.contract(), Map.of());
        DeviceState state = state(DeviceState.FORMAT, 10, stopped(once));

        assertThat(RestorePlan.of(state, device("same", 1000, Set.of(), circuit(once, "array@1")))
                        .isPossible())
                .isTrue();
        assertThat(RestorePlan.of(state, device("other", 1000, Set.of(), circuit(once, "array@2")))
                        .reasons())
                .containsExactly("once@1 stands within items 32 to 48, and other:0 is not of design array@1, and they"
                        + " cannot be repeated");
    }

    /** The best of the levels that are there, and why it is not a better one. */
    @Test
    void aStepGoesOnNativelyOnItsBuildByNameOnItsDesignAndAgainElsewhere() {
        DeviceState both = state(DeviceState.FORMAT, 10, stopped(GEMM, true, "build 1"));

        RestorePlan same = RestorePlan.of(both, building("build 1", null));
        assertThat(same.mode()).isEqualTo(RestorePlan.Mode.NATIVE);
        assertThat(same.recomputed()).isZero();
        assertThat(same.reasons()).isEmpty();

        RestorePlan byName = RestorePlan.of(both, building("build 2", "array@1"));
        assertThat(byName.mode()).isEqualTo(RestorePlan.Mode.NAMED);
        assertThat(byName.recomputed()).isZero();
        assertThat(byName.reasons())
                .containsExactly("gemm.f32@1 stands within items 32 to 48 and goes on by the names of its registers:"
                        + " built:0 is of build build 2, not build 1 as the native state is");

        RestorePlan again = RestorePlan.of(both, building("build 2", "array@2"));
        assertThat(again.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(again.recomputed()).isCloseTo(16 / 100d, within(1e-9));
        assertThat(again.reasons())
                .containsExactly(
                        "gemm.f32@1 stands within items 32 to 48, and built:0 is not of design array@1 and is of"
                                + " build build 2, not build 1 as the native state is: they are computed again");
    }

    @Test
    void aStepWithoutNamesGoesOnNativelyOrAgain() {
        DeviceState state = state(DeviceState.FORMAT, 10, stopped(GEMM, false, "build 1"));

        assertThat(RestorePlan.of(state, building("build 1", null)).mode()).isEqualTo(RestorePlan.Mode.NATIVE);
        // There are no registers to go on from though the design is the same.
        RestorePlan again = RestorePlan.of(state, building("build 2", "array@1"));
        assertThat(again.mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
        assertThat(again.recomputed()).isCloseTo(16 / 100d, within(1e-9));
        assertThat(RestorePlan.of(state, SOURCE).reasons())
                .containsExactly("gemm.f32@1 stands within items 32 to 48, and source:0 takes no native state: they are"
                        + " computed again");
    }

    @Test
    void onlyIfAllStepsGoOnNativelyIsItNative() {
        DeviceDescriptor target = building("build 1", "array@1");

        assertThat(RestorePlan.of(state(DeviceState.FORMAT, 10, stopped(GEMM, true, "build 1"), stopped(GEMM)), target)
                        .mode())
                .isEqualTo(RestorePlan.Mode.NAMED);
        DeviceState mixed =
                state(DeviceState.FORMAT, 10, stopped(GEMM, false, "build 1"), stopped(GEMM, false, "build 2"));
        RestorePlan plan = RestorePlan.of(mixed, target);
        assertThat(plan.mode()).isEqualTo(RestorePlan.Mode.NAMED);
        assertThat(plan.recomputed()).isCloseTo(16 / 200d, within(1e-9));
        assertThat(RestorePlan.of(
                                state(DeviceState.FORMAT, 10, stopped(GEMM, false, "build 1"), command(GEMM, 9, 3)),
                                target)
                        .mode())
                .isEqualTo(RestorePlan.Mode.NATIVE);
    }

    @Test
    void whatCannotBeRepeatedGoesOnNativelyAlone() {
        Operation once = new Operation(
                "once", 1, List.of(), List.of(), Determinism.BITWISE_ANY_KIND, false, GEMM.contract(), Map.of());
        DeviceState state = state(DeviceState.FORMAT, 10, stopped(once, false, "build 1"));

        assertThat(RestorePlan.of(state, building("build 1", null)).mode()).isEqualTo(RestorePlan.Mode.NATIVE);
        assertThat(RestorePlan.of(state, building("build 2", null)).reasons())
                .containsExactly(
                        "once@1 stands within items 32 to 48, and built:0 is of build build 2, not build 1 as the"
                                + " native state is, and they cannot be repeated");
    }

    /** A driver takes what is on the device; a step in its middle is not there any more. */
    @Test
    void aDriverMovesNoStepInItsMiddle() {
        DeviceDescriptor source = nativeDevice("0", "driver 1");
        DeviceDescriptor target = nativeDevice("1", "driver 1");
        DeviceState between = new DeviceState(
                DeviceState.FORMAT, source, List.of(), List.of(command(GEMM, 100, 37)), List.of(), "driver 1");
        DeviceState within =
                new DeviceState(DeviceState.FORMAT, source, List.of(), List.of(stopped(GEMM)), List.of(), "driver 1");

        assertThat(between.isMovableByDriver(target)).isTrue();
        assertThat(within.isMovableByDriver(target)).isFalse();
        assertThat(RestorePlan.of(within, target).mode()).isEqualTo(RestorePlan.Mode.PORTABLE);
    }

    /** Of a build of native images, and of a design unless that is null. */
    private static DeviceDescriptor building(String build, @Nullable String design) {
        return new DeviceDescriptor(
                "built",
                "0",
                DeviceKind.ASIC,
                "test",
                "1",
                1000,
                Map.of(NativeImage.ATTRIBUTE, Attribute.of(build)),
                Map.of(
                        GEMM.identity(),
                        new OperationSupport(GEMM.identity(), Determinism.BITWISE_ANY_KIND, 16, design)),
                Set.of(KernelFormat.JAVA));
    }

    private static CommandState stopped(Operation operation, boolean isNamed, String build) {
        Map<String, BigInteger> values = isNamed ? Map.of("sum", BigInteger.ONE) : Map.of();
        return new CommandState(
                "queue", operation, 100, 32, new Registers("array@1", 32, 48, values, NativeImage.of(build, new byte[] {
                    1
                })));
    }

    private static CommandState stopped(Operation operation) {
        return new CommandState(
                "queue", operation, 100, 32, new Registers("array@1", 32, 48, Map.of("sum", BigInteger.ONE)));
    }

    private static OperationSupport circuit(Operation operation, String design) {
        return new OperationSupport(operation.identity(), Determinism.BITWISE_ANY_KIND, 16, design);
    }

    private static DeviceState state(int format, long bytes, CommandState... commands) {
        return new DeviceState(
                format,
                SOURCE,
                List.of(new BufferState("buffer", bytes, true, List.of())),
                Arrays.asList(commands),
                List.of(),
                null);
    }

    private static CommandState command(Operation operation, long items, long done) {
        return new CommandState("queue", operation, items, done);
    }

    private static OperationSupport support(Operation operation, Determinism determinism, long grain) {
        return new OperationSupport(operation.identity(), determinism, grain);
    }

    private static DeviceDescriptor device(
            String provider, long memory, Set<KernelFormat> formats, OperationSupport... supports) {
        Map<String, OperationSupport> operations = new java.util.HashMap<>();
        for (OperationSupport support : supports) {
            operations.put(support.operation(), support);
        }
        return new DeviceDescriptor(
                provider, "0", DeviceKind.OTHER, "test", "1", memory, Map.of(), operations, formats);
    }
}
