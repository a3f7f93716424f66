package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Brings contents to buffers and back. */
final class Contents {
    /** Of random contents. */
    static final long SEED = 20_260_401;

    private Contents() {}

    static List<DeviceBuffer> allocate(Device device, Case each) throws DeviceFault, InterruptedException {
        List<DeviceBuffer> buffers = new ArrayList<>();
        List<ByteBuffer> contents = each.contents(SEED);
        for (int i = 0; i < contents.size(); i++) {
            DeviceBuffer buffer = device.allocate(
                    each.operation().operands().get(i).name(), contents.get(i).remaining());
            buffer.write(0, contents.get(i));
            buffers.add(buffer);
        }
        return buffers;
    }

    static void write(DeviceBuffer buffer, int[] values) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asIntBuffer().put(values);
        buffer.write(0, content);
    }

    static ByteBuffer read(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes());
        buffer.read(0, content);
        return content.flip();
    }
}
