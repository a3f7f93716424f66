package dev.ingot.core.jdk.io;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.jvm.Memory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Addresses in native libraries are carried by library and distance. */
class LibraryAddressesTest {
    private final LibraryAddresses addresses = new LibraryAddresses();

    @Test
    void carryVariablesThatLieBehindTheFile() throws Exception {
        MemoryMap library = requireNonNull(lastOf("libjvm.so"));
        MemoryMap first = requireNonNull(MemoryMap.of(library.path()));
        long end = first.start() + Elf.sizeInMemory(first.start());
        assertThat(end).as("libjvm.so has variables behind its file").isGreaterThan(library.end());

        @Nullable Object[] description = requireNonNull(addresses.describe(end - 8));

        assertThat(description[0]).isEqualTo(library.path());
        assertThat(new LibraryAddresses().find(description)).isEqualTo(end - 8);
    }

    @Test
    void refuseMemoryOfNoLibrary() throws Exception {
        long block = Memory.UNSAFE.allocateMemory(1 << 20);
        try {
            assertThatThrownBy(() -> addresses.describe(block)).isInstanceOf(NotCapturableException.class);
        } finally {
            Memory.UNSAFE.freeMemory(block);
        }
    }

    private static @Nullable MemoryMap lastOf(String name) throws Exception {
        MemoryMap last = null;
        for (MemoryMap map : MemoryMap.all()) {
            last = map.path().endsWith('/' + name) ? map : last;
        }
        return last;
    }
}
