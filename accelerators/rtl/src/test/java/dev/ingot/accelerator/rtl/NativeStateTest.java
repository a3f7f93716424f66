package dev.ingot.accelerator.rtl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.asic.AsicProvider;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps of circuits without a scan chain are stopped in their middle, and cards of the same build go on there. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NativeStateTest {
    private static final String BUILD = "this build";
    private static final long CARD_BYTES = 1 << 22;
    private static final long SEED = 20_261_201;
    private static final int CUTS = 40;
    private static final Map<String, Function> FIXED = Map.of(
            StandardOperations.GEMM_I8.identity(), Function.SYSTOLIC_I8,
            StandardOperations.GEMM_BF16.identity(), Function.SYSTOLIC_BF16);
    private static final Map<String, Function> CONFIGURED = Map.of(
            StandardOperations.GEMM_I8.identity(), Function.MATRIX_I8,
            StandardOperations.FNV1A_64.identity(), Function.FNV1A);
    private static final Scalars PRODUCT = Scalars.of("m", 21L).and("n", 29L).and("k", 501L);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void requireTools() {
        Installed.require();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private CardBackend card(Map<String, Function> functions, String build) throws DeviceFault {
        CardBackend backend = new CardBackend(functions, build, Card.start(CardFiles.find(), CARD_BYTES));
        opened.add(backend);
        return backend;
    }

    private CardBackend card(Kind kind) throws DeviceFault {
        return card(kind.functions, BUILD);
    }

    /** Work, and the card that can do it. */
    private record Kind(Work work, Map<String, Function> functions, boolean isNamed) {}

    private static List<Kind> kinds() throws IOException {
        Operation own = Scaled.operation(Scaled.circuit());
        return List.of(
                new Kind(product(), FIXED, false),
                // The contract's NaN need not be the card's, so the numbers are such that none comes up.
                new Kind(small(new Work(StandardOperations.GEMM_BF16, PRODUCT, 4 * 21 * 29)), FIXED, false),
                new Kind(new Work(own, Scaled.scalars(20_000, 7), 8 * 20_000), CONFIGURED, false),
                new Kind(product(), CONFIGURED, true),
                new Kind(
                        new Work(
                                StandardOperations.FNV1A_64,
                                Scalars.of("n", 37L).and("width", 1003L),
                                8 * 37),
                        CONFIGURED,
                        true));
    }

    private static Work product() {
        return new Work(StandardOperations.GEMM_I8, PRODUCT, 4 * 21 * 29);
    }

    private static Work small(Work work) {
        for (int i = 0; i < 2; i++) {
            for (long at = 1; at < work.memories.get(i).size(); at += 2) {
                int sign = work.memories.get(i).getByte(at) & 0x80;
                work.memories.get(i).putByte(at, (byte) (sign | 0x3f));
            }
        }
        return work;
    }

    /** Not one clock is computed twice: what is left of the step is as long as it was when the step was stopped. */
    @Test
    void goesOnWhereItStoppedOnAnotherCard() throws Exception {
        for (Kind kind : kinds()) {
            int all = kind.work.questionsTo(card(kind), null);
            for (int questions : List.of(1, 2, all)) {
                kind.work.reset();
                Registers stopped = kind.work.runUntil(card(kind), null, questions);
                assertThat(stopped).isNotNull();
                assertThat(stopped.isNamed()).isEqualTo(kind.isNamed);
                NativeImage image = Objects.requireNonNull(stopped.nativeImage());
                assertThat(image.isIntact()).isTrue();
                assertThat(image.build()).isEqualTo(BUILD);
                assertThat(kind.work.questionsTo(card(kind), stopped)).isEqualTo(all - questions);
                kind.work.assertDone();
            }
        }
    }

    /** A step that begins over whenever it is stopped would not end. */
    @Test
    void comesToItsEndThoughItIsStoppedAtEachQuestion() throws Exception {
        for (Kind kind : kinds()) {
            int all = kind.work.questionsTo(card(kind), null);
            kind.work.reset();
            CardBackend same = card(kind);
            Registers stopped = kind.work.runUntil(same, null, 1);
            int stops = 0;
            while (stopped != null) {
                stops++;
                assertThat(stops).as("it gets on").isLessThanOrEqualTo(all);
                stopped = kind.work.runUntil(same, stopped, 1);
            }
            assertThat(stops).isEqualTo(all);
            kind.work.assertDone();
        }
    }

    /** At any clock, not only at those at which it is asked whether to stop. */
    @Test
    void goesOnAtAnyClock() throws Exception {
        Random random = new Random(SEED);
        for (Kind kind : kinds()) {
            Work work = kind.work;
            Function known = kind.functions.get(work.operation().identity());
            Function function = known == null ? Function.own(work.operation()) : known;
            Job job = function.job(work.operands(), work.scalars(), 0, work.items());
            try (Card one = start(job);
                    Card other = start(job)) {
                int clocks = clocks(one, job);
                byte[] first = one.readMemory(0, (int) job.memoryBytes());
                for (int i = 0; i < CUTS; i++) {
                    int cut = i < 4 ? i : random.nextInt(clocks);
                    begin(one, job);
                    one.run(cut);
                    byte[] memory = one.readMemory(0, (int) job.memoryBytes());
                    byte[] state = one.save();
                    other.reset();
                    other.writeMemory(0, memory);
                    other.restore(state);
                    assertThat(other.save()).as("at clock %d", cut).isEqualTo(state);
                    assertThat(other.run(clocks - cut + 1))
                            .as("at clock %d", cut)
                            .isTrue();
                    assertThat(one.run(clocks - cut + 1)).isTrue();
                    assertThat(other.save()).as("at clock %d", cut).isEqualTo(one.save());
                    assertThat(other.readMemory(0, first.length)).isEqualTo(first);
                }
            }
        }
    }

    private static Card start(Job job) throws DeviceFault {
        Card card = Card.start(CardFiles.find(), CARD_BYTES);
        card.load(job.core());
        job.writeInputs(card);
        return card;
    }

    private static void begin(Card card, Job job) throws DeviceFault {
        card.reset();
        int[] arguments = job.arguments();
        for (int i = 0; i < arguments.length; i++) {
            card.write(Card.ARGUMENTS + 4 * i, arguments[i]);
        }
        card.write(Card.CONTROL, Card.START);
    }

    private static int clocks(Card card, Job job) throws DeviceFault {
        begin(card, job);
        int clocks = 0;
        while (!card.run(1)) {
            clocks++;
        }
        return clocks;
    }

    @Test
    void whatIsDamagedOrForeignIsRefusedAndTheCardIsUntouched() throws Exception {
        Work product = product();
        CardBackend card = card(FIXED, BUILD);
        Registers stopped = Objects.requireNonNull(product.runUntil(card, null, 2));
        NativeImage image = Objects.requireNonNull(stopped.nativeImage());
        Map<String, Registers> wrong = new LinkedHashMap<>();
        byte[] flipped = content(image);
        flipped[flipped.length / 2] ^= 1;
        wrong.put("is damaged", with(stopped, NativeImage.restored(BUILD, flipped, image.digest())));
        byte[] huge = new byte[NativeImage.MOST_BYTES + 1];
        wrong.put("is damaged ", with(stopped, NativeImage.restored(BUILD, huge, image.digest())));
        wrong.put("is of build that build", with(stopped, NativeImage.of("that build", content(image))));
        for (int size : List.of(0, 1, 60)) {
            wrong.put("is of another step" + " ".repeat(size), with(stopped, truncated(image, size)));
        }
        Registers ofAnother = new Work(
                        StandardOperations.GEMM_I8,
                        Scalars.of("m", 21L).and("n", 29L).and("k", 502L),
                        4 * 21 * 29)
                .runUntil(card(FIXED, BUILD), null, 2);
        wrong.put("another step", Objects.requireNonNull(ofAnother));
        wrong.put("of another step", Objects.requireNonNull(product().runUntil(card(CONFIGURED, BUILD), null, 2)));
        for (int less : List.of(1, 8, 100)) {
            wrong.put("not of this build" + less, with(stopped, truncated(image, image.size() - less)));
        }
        wrong.put(
                "not of this build",
                with(stopped, NativeImage.of(BUILD, Arrays.copyOf(content(image), image.size() + 1))));
        wrong.put("not of this build-", with(stopped, garbled(image, image.size() - 1)));
        wrong.put("not of this build--", with(stopped, garbled(image, image.size() - state(stopped, product).length)));

        for (Map.Entry<String, Registers> each : wrong.entrySet()) {
            assertRefused(product, card, each.getValue(), each.getKey().replaceAll("[ 0-9-]+$", ""));
        }
        assertThat(product.runUntil(card, stopped, Integer.MAX_VALUE)).isNull();
        product.assertDone();
        Work next = product();
        assertThat(next.runUntil(card, null, Integer.MAX_VALUE)).isNull();
        next.assertDone();
    }

    private static void assertRefused(Work work, CardBackend card, Registers wrong, String reason) {
        assertThatThrownBy(() -> work.runUntil(card, wrong, Integer.MAX_VALUE))
                .isInstanceOfSatisfying(DeviceFault.class, fault -> {
                    assertThat(fault.code()).isEqualTo(DeviceFault.Code.STATE_REJECTED);
                    assertThat(fault.scope()).isEqualTo(DeviceFault.Scope.COMMAND);
                })
                .hasMessageContaining(reason);
    }

    /** The core goes on with what it is doing, whatever it is given meanwhile. */
    @Test
    void aCoreThatIsGivenForeignStateHoldsWhatItHeld() throws Exception {
        Work work = product();
        Job job = Function.SYSTOLIC_I8.job(work.operands(), work.scalars(), 0, work.items());
        try (Card card = start(job)) {
            begin(card, job);
            card.run(1000);
            byte[] state = card.save();
            for (int i = 0; i < state.length; i += 1 + state.length / 50) {
                byte[] less = Arrays.copyOf(state, i);
                assertThatThrownBy(() -> card.restore(less)).hasMessageContaining("not of this build");
            }
            byte[] garbled = state.clone();
            garbled[3] ^= 0x55;
            assertThatThrownBy(() -> card.restore(garbled)).hasMessageContaining("not of this build");
            assertThat(card.save()).isEqualTo(state);
        }
    }

    @Test
    void eachProviderNamesItsBuild() {
        DeviceDescriptor fpga = new FpgaProvider().discover().get(0);
        DeviceDescriptor asic = new AsicProvider().discover().get(0);

        assertThat(fpga.nativeImageBuild()).isNotBlank().isNotEqualTo(asic.nativeImageBuild());
        assertThat(new FpgaProvider().discover().get(0)).isEqualTo(fpga);
    }

    private static byte[] state(Registers stopped, Work work) {
        Job job = Function.SYSTOLIC_I8.job(work.operands(), work.scalars(), 0, work.items());
        return Snapshot.state(Objects.requireNonNull(stopped.nativeImage()), BUILD, job, 0, work.items());
    }

    private static byte[] content(NativeImage image) {
        ByteBuffer content = image.content();
        byte[] copy = new byte[content.remaining()];
        content.get(copy);
        return copy;
    }

    private static NativeImage truncated(NativeImage image, int size) {
        return NativeImage.of(BUILD, Arrays.copyOf(content(image), size));
    }

    private static NativeImage garbled(NativeImage image, int at) {
        byte[] content = content(image);
        content[at] ^= 0x10;
        return NativeImage.of(BUILD, content);
    }

    private static Registers with(Registers stopped, @Nullable NativeImage image) {
        return new Registers(stopped.design(), stopped.first(), stopped.end(), stopped.values(), image);
    }
}
