package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Command;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Multiplies a matrix of whole numbers by one that moves each row one down, again and again on the device it is given the name of,
 * while there is a file {@code slow} two directories above. All sums are exact in any order, so what comes out depends on nothing but
 * how often; both are written at the end.
 */
final class EngineProgram {
    static final int SIDE = 512;
    static final Path ON = Path.of("..", "..", SlowSum.SLOW);

    private static final int ROUNDS = 16;

    private EngineProgram() {}

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        Accelerators accelerators = Accelerators.find();
        try (Device device = accelerators.open(accelerators.named(arguments[0]).get(0))) {
            DeviceBuffer mover = device.allocate("mover", 4L * SIDE * SIDE);
            DeviceBuffer numbers = device.allocate("numbers", 4L * SIDE * SIDE);
            DeviceBuffer product = device.allocate("product", 4L * SIDE * SIDE);
            mover.write(0, mover());
            numbers.write(0, numbers(0));
            CommandQueue queue = device.createQueue("work");
            Timeline done = new Timeline("done");
            long rounds = 0;
            do {
                queue.submit(
                        List.of(),
                        rounds(List.of(mover, numbers, product)),
                        List.of(new TimelinePoint(done, rounds += ROUNDS)));
                // One submission is always behind the one that is waited for.
                done.await(rounds - ROUNDS);
                if (rounds == 2 * ROUNDS) {
                    System.out.println("under way");
                }
            } while (Files.exists(ON));
            done.await(rounds);
            ByteBuffer content = ByteBuffer.allocate(4 * SIDE * SIDE);
            numbers.read(0, content);
            System.out.println(rounds + " " + hash(content.flip()));
        }
    }

    private static List<Command> rounds(List<DeviceBuffer> buffers) {
        Command[] commands = new Command[2 * ROUNDS];
        Scalars sizes = Scalars.of("m", (long) SIDE).and("n", (long) SIDE).and("k", (long) SIDE);
        for (int i = 0; i < ROUNDS; i++) {
            commands[2 * i] = Kernel.of(StandardOperations.GEMM_F32, buffers, sizes);
            commands[2 * i + 1] = new Command.Copy(buffers.get(2), 0, buffers.get(1), 0, 4L * SIDE * SIDE);
        }
        return Arrays.asList(commands);
    }

    private static ByteBuffer mover() {
        ByteBuffer content = ByteBuffer.allocate(4 * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < SIDE; row++) {
            content.putFloat(4 * (row * SIDE + (row + SIDE - 1) % SIDE), 1);
        }
        return content;
    }

    /** The numbers after so many rounds. */
    static ByteBuffer numbers(long rounds) {
        ByteBuffer content = ByteBuffer.allocate(4 * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < SIDE; row++) {
            int from = Math.floorMod(row - rounds, SIDE);
            for (int column = 0; column < SIDE; column++) {
                content.putFloat(4 * (row * SIDE + column), (from * 31 + column * 17) % 1021 - 510);
            }
        }
        return content;
    }

    static int hash(ByteBuffer content) {
        return content.hashCode();
    }
}
