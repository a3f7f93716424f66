package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Native addresses as an image carries them: by the library they lie in and how far into it.
 *
 * <p>The same file is laid out the same way wherever it is loaded, so the distance from its beginning finds functions, variables
 * and what the linker chose for the processor at hand alike. Another version of the file is refused. Functions of the kernel, which
 * lie in no file, are carried by name. Shows the memory of this
 * process as it is at the first use. Not thread-safe.
 */
public final class LibraryAddresses {
    /** The name of the region that grows by {@code brk}. */
    private static final String HEAP = "[heap]";
    /**
     * Nothing else that native code allocates lies below, where small Java heaps do: a number there that meets such memory is a
     * mask or a size.
     */
    private static final long LOWEST = 1L << 32;

    private static final int PATH = 0;
    private static final int DISTANCE = 1;
    private static final int CHECKSUM = 2;
    /** Of a function of the kernel, in place of a checksum. */
    private static final int NAME = 2;

    private final Map<String, Long> checksums = new HashMap<>();
    private @Nullable List<MemoryMap> maps;

    /** Whether {@code type} or a superclass declares a field that can hold an address. */
    public static boolean mayBeIn(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : Slot.declaredFields(at)) {
                if (mayBeIn(field)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether {@code field} can hold an address in each object. */
    public static boolean mayBeIn(Field field) {
        return field.getType() == long.class && !Modifier.isStatic(field.getModifiers());
    }

    /** Whether memory is in use at {@code number}. */
    public boolean isAddress(long number) {
        try {
            return describe(number) != null;
        } catch (NotCapturableException otherMemory) {
            return true;
        }
    }

    /**
     * What lies at {@code address}, as leaf data for {@link #find}; null if no memory is in use there, so that the number is none.
     *
     * @throws NotCapturableException if it is memory of another kind
     */
    public Object @Nullable [] describe(long address) throws NotCapturableException {
        MemoryMap map = holding(address);
        if (map == null) {
            return null;
        }
        if (map.path().equals(KernelFunctions.PLACE)) {
            String name = KernelFunctions.at(map.start()).nameAt(address - map.start());
            if (name != null) {
                return new @Nullable Object[] {KernelFunctions.PLACE, 0L, name};
            }
        }
        MemoryMap file = map.isOfFile() ? map : libraryBefore(map, address);
        MemoryMap first = file == null ? null : firstOf(file.path());
        if (file == null || first == null || first.offset() != 0 || !isLibrary(first)) {
            throw new NotCapturableException("0x" + Long.toHexString(address) + " is the address of native memory"
                    + (map.path().isEmpty() ? "" : " (" + map.path() + ")") + " that no image can carry");
        }
        return new @Nullable Object[] {
            LibraryFile.pathOf(file),
            address - first.start(),
            LibraryFile.isDeleted(file) ? null : checksum(file.path())
        };
    }

    /**
     * Where what was described lies in this process.
     *
     * @throws NotRestorableException if its library is not loaded here, or is another version of it
     */
    public long find(@Nullable Object[] description) throws NotRestorableException {
        String path = String.valueOf(description[PATH]);
        if (path.equals(KernelFunctions.PLACE)) {
            return kernelFunction(String.valueOf(description[NAME]));
        }
        String place = LibraryFile.placeOf(Path.of(path)).toString();
        MemoryMap first = firstOf(place);
        if (first == null) {
            throw new NotRestorableException(
                    "the native library " + path + " is not loaded here; resume on a machine that has it");
        }
        if (description[CHECKSUM] != null
                && !LibraryFile.isDeleted(first)
                && !Objects.equals(description[CHECKSUM], checksum(first.path()))) {
            throw new NotRestorableException("the native library " + path
                    + " is another version here than where the image was taken; resume where it is the same");
        }
        return first.start() + (Long) Objects.requireNonNull(description[DISTANCE]);
    }

    /** The end of the library to whose variables {@code address}, in memory of no file, belongs; null if there is none. */
    private @Nullable MemoryMap libraryBefore(MemoryMap map, long address) {
        for (MemoryMap before : maps()) {
            if (before.end() == map.start() && before.isOfFile() && map.path().isEmpty()) {
                MemoryMap first = firstOf(before.path());
                return first != null
                                && first.offset() == 0
                                && isLibrary(first)
                                && address - first.start() < Elf.sizeInMemory(first.start())
                        ? before
                        : null;
            }
        }
        return null;
    }

    private long kernelFunction(String name) throws NotRestorableException {
        MemoryMap kernels = firstOf(KernelFunctions.PLACE);
        Long distance =
                kernels == null ? null : KernelFunctions.at(kernels.start()).distanceOf(name);
        if (kernels == null || distance == null) {
            throw new NotRestorableException("the kernel here has no function " + name
                    + " for programs to call, as the one had where the image was taken; resume under that kernel");
        }
        return kernels.start() + distance;
    }

    private @Nullable MemoryMap holding(long address) {
        List<MemoryMap> known = maps();
        int low = 0;
        int high = known.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            MemoryMap map = known.get(middle);
            if (map.holds(address)) {
                return map.isOfFile() || map.path().equals(HEAP) || Long.compareUnsigned(address, LOWEST) >= 0
                        ? map
                        : null;
            }
            if (Long.compareUnsigned(address, map.start()) < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    /** The range in which the file {@code path} begins, whether it is still there or not. */
    private @Nullable MemoryMap firstOf(String path) {
        for (MemoryMap map : maps()) {
            if (map.path().equals(path)
                    || (LibraryFile.isDeleted(map) && LibraryFile.pathOf(map).equals(path))) {
                return map;
            }
        }
        return null;
    }

    private static boolean isLibrary(MemoryMap first) {
        return first.permissions().charAt(0) == 'r' && Elf.isAt(first.start());
    }

    private Long checksum(String path) {
        return checksums.computeIfAbsent(path, LibraryAddresses::checksumOf);
    }

    private static Long checksumOf(String path) {
        try {
            CRC32C checksum = new CRC32C();
            checksum.update(Files.readAllBytes(Path.of(path)));
            return checksum.getValue();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the native library " + path, failure);
        }
    }

    private List<MemoryMap> maps() {
        List<MemoryMap> known = maps;
        if (known == null) {
            try {
                known = MemoryMap.all();
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot read what lies in this process's memory", failure);
            }
            maps = known;
        }
        return known;
    }
}
