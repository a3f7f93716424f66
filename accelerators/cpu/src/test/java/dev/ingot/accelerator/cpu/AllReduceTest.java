package dev.ingot.accelerator.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.collective.AllReduce;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class AllReduceTest {
    /** More than one piece, and no whole number of pieces. */
    private static final int COUNT = 300_001;

    private final Accelerators accelerators = Accelerators.of(List.of(new CpuProvider()));
    private final List<Device> devices = new ArrayList<>();

    @AfterEach
    void close() {
        devices.forEach(Device::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void sumDependsOnTheOrderOfPartsAlone(int deviceCount) throws Exception {
        float[][] values = values(5);
        List<DeviceBuffer> parts = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            parts.add(buffer(device(i % deviceCount), "part " + i, values[i]));
        }

        AllReduce.sumF32(parts);

        float[] expected = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            expected[i] = ((values[0][i] + values[1][i]) + (values[2][i] + values[3][i])) + values[4][i];
        }
        for (DeviceBuffer part : parts) {
            assertThat(content(part)).as(part.toString()).isEqualTo(expected);
        }
    }

    @Test
    void aSinglePartIsItsSum() throws Exception {
        float[] values = values(1)[0];
        DeviceBuffer part = buffer(device(0), "part", values);
        AllReduce.sumF32(List.of(part));
        assertThat(content(part)).isEqualTo(values);
    }

    @Test
    void partsOfDifferentSizesAreRefused() throws Exception {
        DeviceBuffer small = device(0).allocate("small", 8);
        DeviceBuffer large = device(0).allocate("large", 12);
        assertThatThrownBy(() -> AllReduce.sumF32(List.of(small, large)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot add floats of buffer large with 12 bytes to buffer small with 8");
    }

    private static float[][] values(int parts) {
        Random random = new Random(3);
        float[][] values = new float[parts][COUNT];
        for (float[] part : values) {
            for (int i = 0; i < COUNT; i++) {
                part[i] = (random.nextFloat() - 0.5f) * (1 << random.nextInt(20));
            }
        }
        return values;
    }

    private Device device(int index) throws DeviceFault {
        while (devices.size() <= index) {
            devices.add(accelerators.open(accelerators.devices().get(0), "part-" + devices.size()));
        }
        return devices.get(index);
    }

    private static DeviceBuffer buffer(Device device, String name, float[] values) throws Exception {
        DeviceBuffer buffer = device.allocate(name, Float.BYTES * (long) values.length);
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        content.asFloatBuffer().put(values);
        buffer.write(0, content);
        return buffer;
    }

    private static float[] content(DeviceBuffer buffer) throws Exception {
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        buffer.read(0, content);
        float[] values = new float[(int) buffer.bytes() / Float.BYTES];
        content.flip().asFloatBuffer().get(values);
        return values;
    }
}
