package dev.ingot.core.jdk.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import jdk.internal.misc.Unsafe;
import jdk.internal.misc.VM;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory of arenas comes back, and an image can ask for no more of it than the JVM gives to direct buffers. */
@EnabledForJreRange(min = JRE.JAVA_22)
class ReleaseCodecTest {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final long VALUE = 0x0123_4567_89ab_cdefL;
    private static final int FIELDS = 0;
    private static final int CONTENT = 2;

    private final ReleaseCodec codec = new ReleaseCodec();
    private Object release = this;
    private Object[] state = {};

    /** As a program does; this class is compiled for a JDK that has no arenas. */
    /** Other tests' memory may be freed at any time, this is not. */
    private final ByteBuffer allocated = ByteBuffer.allocateDirect(1 << 16);

    @BeforeEach
    void allocate() throws Exception {
        Class<?> type = Class.forName("java.lang.foreign.Arena");
        Object arena = type.getMethod("ofShared").invoke(null);
        Object segment = type.getMethod("allocate", long.class).invoke(arena, 100L);
        long address = (Long) Class.forName("java.lang.foreign.MemorySegment")
                .getMethod("address")
                .invoke(segment);
        Object scope = type.getMethod("scope").invoke(arena);
        release = Objects.requireNonNull(new Allocations().find(scope, address, 100));
        UNSAFE.putLong(address + 8, VALUE);
        state = codec.capture(release);
    }

    @Test
    void bringsBackWhatTheMemoryHeld() throws Exception {
        Object restored = restored();

        long start = Objects.requireNonNull(ArenaMemory.of(restored)).start();
        assertThat(UNSAFE.getLong(start)).isZero();
        assertThat(UNSAFE.getLong(start + 8)).isEqualTo(VALUE);
        free(restored);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void countsAsDirectMemoryWhateverTheImageSays(boolean reserved) {
        set("val$shouldReserve", reserved);
        // Again, if memory of other tests was freed meanwhile.
        await().untilAsserted(() -> {
            long before = directMemory();

            Object restored = restored();

            assertThat(directMemory() - before).isEqualTo(100);
            free(restored);
            assertThat(directMemory()).isEqualTo(before);
        });
    }

    /** None of the content has to be there: zeros take no room in an image. */
    @ParameterizedTest
    @CsvSource({
        "1099511627776, 1099511627776, true",
        "1099511627776, 1099511627776, false",
        "9223372036854775807, 9223372036854775807, false",
        "1099511627776, 100, false",
        "9223372036854775807, 1, true"
    })
    void allocatesNoMoreThanDirectBuffersMayHave(long allocated, long used, boolean reserved) {
        set("val$allocationSize", allocated);
        set("val$cleanupByteSize", used);
        set("val$shouldReserve", reserved);
        state[CONTENT] = new Object[0];

        assertThatExceptionOfType(NotRestorableException.class)
                .isThrownBy(this::restored)
                .withMessageContaining("the " + used + " bytes (" + allocated)
                .withMessageContaining("raise -XX:MaxDirectMemorySize");
    }

    @Test
    void sumsUpWhatIsAllocated() {
        long rest = VM.maxDirectMemory() - allocated.capacity() + 1;
        set("val$allocationSize", rest);
        set("val$cleanupByteSize", rest);
        set("val$shouldReserve", false);
        state[CONTENT] = new Object[0];

        assertThatExceptionOfType(NotRestorableException.class)
                .isThrownBy(this::restored)
                .withMessageContaining("raise -XX:MaxDirectMemorySize");
    }

    /** Such memory would be written beyond its end. */
    @ParameterizedTest
    @CsvSource({"100, 101", "100, 0", "100, -1", "-1, 100", "-9223372036854775808, -9223372036854775808"})
    void takesNoNumbersThatDoNotFitEachOther(long allocated, long used) {
        set("val$allocationSize", allocated);
        set("val$cleanupByteSize", used);
        state[CONTENT] = new Object[0];

        assertThatExceptionOfType(NotRestorableException.class)
                .isThrownBy(this::restored)
                .withMessageContaining("it is damaged or was not written by Ingot");
    }

    private void set(String field, Object value) {
        Object[] fields = (Object[]) Objects.requireNonNull(state[FIELDS]);
        String[] names = (String[]) fields[0];
        int index = Arrays.asList(names).indexOf(release.getClass().getName() + "." + field);
        ((Object[]) fields[1])[index] = value;
    }

    private Object restored() throws NotRestorableException, InstantiationException {
        Object fresh = UNSAFE.allocateInstance(release.getClass());
        codec.restore(fresh, state);
        return fresh;
    }

    private static void free(Object restored) {
        HiddenMethod.of(restored.getClass(), "cleanup").call(restored);
        assertThat(Slot.of(restored.getClass(), ArenaMemory.BASE).getLong(restored))
                .isNotZero();
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }
}
