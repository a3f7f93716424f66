package dev.ingot.accelerator.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Command;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel again and again, its result taking the place of its first operand.
 *
 * @param output the number of the operand that is written
 */
record Chain(Case unit, int length, int output, List<DeviceBuffer> buffers) {
    Chain(Case unit, int length, int output) {
        this(unit, length, output, new ArrayList<>());
    }

    Timeline submit(Device device) throws Exception {
        buffers.clear();
        buffers.addAll(Contents.allocate(device, unit));
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            commands.add(Kernel.of(unit.operation(), buffers, unit.scalars()));
            DeviceBuffer result = buffers.get(output);
            DeviceBuffer next = buffers.get(0);
            commands.add(new Command.Copy(result, 0, next, 0, Math.min(result.bytes(), next.bytes())));
        }
        Timeline done = new Timeline("done");
        device.createQueue("chain").submit(List.of(), commands, List.of(new TimelinePoint(done, 1)));
        return done;
    }

    ByteBuffer result() throws Exception {
        return Contents.read(buffers.get(output));
    }

    void assertResult() throws Exception {
        Device expected = Accelerators.of(List.of(new ReferenceProvider()))
                .open(new ReferenceProvider().discover().get(0));
        Chain same = new Chain(unit, length, output);
        same.submit(expected).await(1);
        assertThat(result()).as("%s, %d times", unit, length).isEqualTo(same.result());
        expected.close();
    }
}
