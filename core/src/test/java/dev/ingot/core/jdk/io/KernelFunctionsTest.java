package dev.ingot.core.jdk.io;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses of what the kernel maps into processes are carried by name. */
class KernelFunctionsTest {
    /** What tells the time, on the architectures that name it so, and on the others. */
    private static final String[] CLOCKS = {"__vdso_clock_gettime", "__kernel_clock_gettime"};

    private final LibraryAddresses addresses = new LibraryAddresses();
    private long start;
    private long clock;

    @BeforeEach
    void find() throws Exception {
        MemoryMap place = MemoryMap.of(KernelFunctions.PLACE);
        Assumptions.assumeTrue(place != null, "the kernel maps no functions");
        start = requireNonNull(place).start();
        KernelFunctions functions = KernelFunctions.at(start);
        for (String name : CLOCKS) {
            Long distance = functions.distanceOf(name);
            clock = distance == null ? clock : start + distance;
        }
    }

    @Test
    void areFoundAgainByName() throws Exception {
        assertThat(clock).isNotZero();

        @Nullable Object[] description = requireNonNull(addresses.describe(clock));

        assertThat(String.valueOf(description[2])).endsWith("clock_gettime");
        assertThat(new LibraryAddresses().find(description)).isEqualTo(clock);
    }

    @Test
    void areRefusedBetweenFunctions() {
        assertThatThrownBy(() -> addresses.describe(clock + 1))
                .isInstanceOf(NotCapturableException.class)
                .hasMessageContaining(KernelFunctions.PLACE);
    }

    @Test
    void areNamedIfTheKernelHasNoneOfTheName() {
        assertThatThrownBy(() -> addresses.find(new Object[] {KernelFunctions.PLACE, 0L, "__vdso_none"}))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("__vdso_none");
    }
}
