package dev.ingot.accelerator.rtl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.ResidentMemory;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cards in this process's hands: steps that are stopped at chosen places, registers by their names, other cores in the slot. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CardTest {
    private static final long CARD_BYTES = 1 << 22;
    private static final Map<String, Function> FUNCTIONS = Map.of(
            StandardOperations.GEMM_I8.identity(), Function.MATRIX_I8,
            StandardOperations.FNV1A_64.identity(), Function.FNV1A);
    private static final Scalars PRODUCT = Scalars.of("m", 21L).and("n", 29L).and("k", 501L);
    private static final Scalars RECORDS = Scalars.of("n", 37L).and("width", 1003L);

    private final List<CardBackend> opened = new ArrayList<>();
    private CardBackend card;

    @BeforeAll
    static void requireTools() {
        Installed.require();
    }

    @BeforeEach
    void open() throws DeviceFault {
        card = another();
    }

    private CardBackend another() throws DeviceFault {
        CardBackend backend = new CardBackend(FUNCTIONS, "test", Card.start(CardFiles.find(), CARD_BYTES));
        opened.add(backend);
        return backend;
    }

    @AfterEach
    void close() {
        opened.forEach(CardBackend::close);
    }

    @Test
    void goesOnFromRegistersOnAnotherCard() throws Exception {
        for (Work work : List.of(product(), records())) {
            for (int questions : List.of(1, 2, 3)) {
                work.reset();
                Registers stopped = work.runUntil(card, null, questions);
                assertThat(stopped).isNotNull();
                assertThat(work.runUntil(another(), stopped.byName(), Integer.MAX_VALUE))
                        .isNull();
                work.assertDone();
            }
        }
    }

    /** Both factors stay on the card, and the one that all rows need does for steps of other rows. */
    @Test
    void whatLiesOnTheCardIsNotBroughtAgain() throws Exception {
        Work work = product();
        Card counted = Card.start(CardFiles.find(), CARD_BYTES);
        CardBackend backend = new CardBackend(FUNCTIONS, "test", counted);
        opened.add(backend);
        List<DeviceMemory> operands = work.memories.stream().map(backend::share).toList();
        backend.compute(work.operation(), operands, PRODUCT, 0, 8);
        long columns = 4 * 8 * 501;
        long rows = 8 * 501;
        assertThat(counted.written()).isEqualTo(rows + columns);
        backend.compute(work.operation(), operands, PRODUCT, 0, 8);
        assertThat(counted.written()).isEqualTo(rows + columns);
        backend.compute(work.operation(), operands, PRODUCT, 8, 16);
        assertThat(counted.written()).isEqualTo(2 * rows + columns);
        backend.compute(work.operation(), operands, PRODUCT, 16, 21);
        assertThat(counted.written()).isEqualTo(3 * rows + columns);
        work.assertDone();

        // What the program changes is brought.
        work.memories.get(1).putByte(5, (byte) 77);
        ((ResidentMemory) operands.get(1)).changed(5, 1);
        backend.compute(work.operation(), operands, PRODUCT, 16, 21);
        assertThat(counted.written()).isEqualTo(3 * rows + 2 * columns);
        backend.compute(work.operation(), operands, PRODUCT, 0, 16);
        work.assertDone();

        assertThat(backend.isResident()).isTrue();
        backend.evict();
        assertThat(backend.isResident()).isFalse();
        long before = counted.written();
        backend.compute(work.operation(), operands, PRODUCT, 0, 16);
        assertThat(counted.written()).isEqualTo(before + 2 * rows + columns);
    }

    @Test
    void registersHaveTheirNames() throws Exception {
        Registers stopped = product().runUntil(card, null, 3);
        assertThat(stopped).isNotNull();
        Map<String, BigInteger> values = stopped.values();

        assertThat(values.get("cycles")).isEqualTo(BigInteger.valueOf(1 + 3 * 4096));
        assertThat(values.get("busy")).isEqualTo(BigInteger.ONE);
        assertThat(values.get("done")).isZero();
        assertThat(values.get("arg_inner")).isEqualTo(BigInteger.valueOf(501));
        assertThat(values.get("arg_rows")).isEqualTo(BigInteger.valueOf(3));
        assertThat(values.get("arg_columns")).isEqualTo(BigInteger.valueOf(4));
        // The first cycle is over before the memory answers. A tile takes two cycles for each step of the inner size,
        // and one for each word of the product.
        int tile = 2 * 501 + 32;
        assertThat(values.get("column")).isEqualTo(BigInteger.valueOf(3 * 4096 / tile % 4));
        assertThat(values.get("row")).isEqualTo(BigInteger.valueOf(3 * 4096 / tile / 4));
        assertThat(values.get("inner")).isEqualTo(BigInteger.valueOf(3 * 4096 % tile / 2));
    }

    /** The processor can finish a sum that the array has begun, knowing the names of its registers alone. */
    @Test
    void sumsInTheRegistersAreThoseOfTheItemsThatAreDone() throws Exception {
        Work work = product();
        Registers stopped = work.runUntil(card, null, 3);
        assertThat(stopped).isNotNull();
        int inner = value(stopped, "inner");
        int row = value(stopped, "row");
        int column = value(stopped, "column");

        assertThat(inner).isPositive();
        HostMemory a = work.memories.get(0);
        HostMemory b = work.memories.get(1);
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 8 && 8 * column + j < 29 && 8 * row + i < 21; j++) {
                int sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum += a.getByte((8L * row + i) * 501 + k) * b.getByte(k * 29L + 8L * column + j);
                }
                assertThat(value(stopped, "sum[" + (8 * i + j) + "]")).isEqualTo(sum);
            }
        }
    }

    private static int value(Registers registers, String name) {
        return registers.values().getOrDefault(name, BigInteger.ZERO).intValue();
    }

    @Test
    void anotherCoreTakesTheSlotInBetween() throws Exception {
        Work product = product();
        Work records = records();
        Registers stopped = product.runUntil(card, null, 2);
        assertThat(records.runUntil(card, null, Integer.MAX_VALUE)).isNull();
        assertThat(product.runUntil(card, stopped, Integer.MAX_VALUE)).isNull();

        records.assertDone();
        product.assertDone();
    }

    @Test
    void registersOfAnotherDesignAreRefusedAndTheCardGoesOn() throws Exception {
        Work product = product();
        Registers stopped = product.runUntil(card, null, 2);
        Registers foreign = new Registers(Core.HASH.design(), 0, 21, stopped == null ? Map.of() : stopped.values());
        Map<String, BigInteger> few = new HashMap<>(stopped == null ? Map.of() : stopped.values());
        few.put("phase", BigInteger.TEN);

        for (Registers wrong : List.of(foreign, new Registers(Core.MATRIX.design(), 0, 21, few))) {
            assertThatThrownBy(() -> product.runUntil(card, wrong, Integer.MAX_VALUE))
                    .isInstanceOfSatisfying(
                            DeviceFault.class,
                            fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.STATE_REJECTED));
        }
        assertThat(product.runUntil(card, stopped, Integer.MAX_VALUE)).isNull();
        product.assertDone();
    }

    @Test
    void refusesWhatDoesNotFit() throws Exception {
        Work large = new Work(StandardOperations.FNV1A_64, Scalars.of("n", 1L).and("width", CARD_BYTES), 8);

        assertThatThrownBy(() -> large.runUntil(card, null, Integer.MAX_VALUE))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.UNSUPPORTED))
                .hasMessageContaining("the card has " + CARD_BYTES);
        Work small = records();
        small.runUntil(card, null, Integer.MAX_VALUE);
        small.assertDone();
    }

    private static Work product() {
        return new Work(StandardOperations.GEMM_I8, PRODUCT, 4 * 21 * 29);
    }

    private static Work records() {
        return new Work(StandardOperations.FNV1A_64, RECORDS, 8 * 37);
    }
}
