package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.memory.HostMemory;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the interface has segments of memory where the JDK does. The tests of its module see directories, which have one version. */
class ForeignMemoryIT {
    private static final int FIRST_JDK = 22;
    private static final String TYPE = "java.lang.foreign.MemorySegment";
    private static final String OTHER = "META-INF/versions/22/dev/ingot/accelerator/memory/ForeignMemory.class";
    private static final long LARGE = (3L << 30) + 8;
    private static final long PLACE = (1L << 31) + 16;

    @TempDir
    private Path directory;

    @Test
    void theJarHasAnotherClassForLaterJdks() throws Exception {
        File jar = new File(HostMemory.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (JarFile file = new JarFile(jar)) {
            assertThat(file.isMultiRelease()).isTrue();
            assertThat(file.stream().map(Object::toString))
                    .contains(OTHER)
                    .noneMatch(entry -> entry.startsWith("java/") || entry.contains("/java/lang/"));
        }
    }

    @Test
    void aFileIsOneSegmentHoweverLarge() throws Exception {
        HostMemory memory = largeFile();
        assertThat(memory.as(ByteBuffer.class)).isEmpty();
        assumeThat(Runtime.version().feature())
                .as("LEFT OUT: segments of memory need a JDK %d or later", FIRST_JDK)
                .isGreaterThanOrEqualTo(FIRST_JDK);
        Object segment = memory.as(Class.forName(TYPE)).orElseThrow();
        assertThat((long) call(segment, "byteSize")).isEqualTo(LARGE);

        memory.putLong(PLACE, 0x1122334455667788L);
        Object slice = call(segment, "asSlice", PLACE, 8L);
        ByteBuffer seen = ((ByteBuffer) call(slice, "asByteBuffer")).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(seen.getLong(0)).isEqualTo(0x1122334455667788L);
        seen.putLong(0, 5);
        assertThat(memory.getLong(PLACE)).isEqualTo(5);
        assertThat(HostMemory.over(segment).getLong(PLACE)).isEqualTo(5);
    }

    @Test
    void contentOfADeviceIsReadIntoASegment() throws Exception {
        assumeThat(Runtime.version().feature())
                .as("LEFT OUT: segments of memory need a JDK %d or later", FIRST_JDK)
                .isGreaterThanOrEqualTo(FIRST_JDK);
        Accelerators accelerators = Accelerators.of(List.of(new CpuProvider()));
        try (Device device = accelerators.open(accelerators.devices().get(0))) {
            DeviceBuffer buffer = device.allocate("buffer", 64);
            byte[] array = new byte[64];
            Object segment =
                    Class.forName(TYPE).getMethod("ofArray", byte[].class).invoke(null, array);
            array[7] = 9;
            buffer.write(0, HostMemory.over(segment));
            array[7] = 0;
            buffer.read(0, HostMemory.over(segment));
            assertThat(array[7]).isEqualTo((byte) 9);
            Optional<?> onTheHeap = HostMemory.allocate(64).as(Class.forName(TYPE));
            assertThat(onTheHeap).isPresent();
        }
    }

    private static Object call(Object target, String method, Object... arguments)
            throws ClassNotFoundException, NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        Class<?>[] types = new Class<?>[arguments.length];
        Arrays.fill(types, long.class);
        return Class.forName(TYPE).getMethod(method, types).invoke(target, arguments);
    }

    /** Sparse. */
    private HostMemory largeFile() throws Exception {
        try (FileChannel file = FileChannel.open(
                directory.resolve("large"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), LARGE - 1);
            return HostMemory.map(file);
        }
    }
}
