package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Command;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * How heat spreads over a plate of which one edge is kept hot: a stencil, computed over and over. It writes how warm the plate is on
 * average, which is the same to the bit on any device, and draws {@code heat.png} at the end.
 *
 * <p>Arguments: the device, how many points a side has, how many times it writes, and how many steps there are in between.
 */
public final class HeatPlate {
    private static final float HOT = 1;
    private static final int BRIGHTEST = 255;

    private HeatPlate() {}

    /** Heats the plate. */
    public static void main(String[] arguments) throws DeviceFault, InterruptedException, IOException {
        int side = Integer.parseInt(arguments[1]);
        int lines = Integer.parseInt(arguments[2]);
        int steps = Integer.parseInt(arguments[3]);
        ByteBuffer plate = ByteBuffer.allocate(Float.BYTES * side * side).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < side; column++) {
            plate.putFloat(Float.BYTES * column, HOT);
        }
        try (Device device = ChosenDevices.open(arguments[0]).get(0)) {
            DeviceBuffer now = device.allocate("now", plate.capacity());
            DeviceBuffer next = device.allocate("next", plate.capacity());
            now.write(0, plate.duplicate());
            Scalars shape = Scalars.of("height", (long) side)
                    .and("width", (long) side)
                    .and("centre", 0.5f)
                    .and("side", 0.125f);
            List<Command> step = List.of(
                    Kernel.of(StandardOperations.STENCIL_2D_F32, List.of(now, next), shape),
                    Kernel.of(StandardOperations.STENCIL_2D_F32, List.of(next, now), shape));
            CommandQueue queue = device.createQueue("heat");
            Timeline done = new Timeline("steps");
            long submitted = 0;
            for (int line = 1; line <= lines; line++) {
                for (int i = 0; i < steps; i += step.size()) {
                    submitted++;
                    queue.submit(List.of(), step, List.of(new TimelinePoint(done, submitted)));
                }
                done.await(submitted);
                now.read(0, plate.clear());
                System.out.println("after " + line * (long) steps + " steps: " + mean(plate));
            }
        }
        draw(plate, side);
    }

    private static double mean(ByteBuffer plate) {
        int points = plate.capacity() / Float.BYTES;
        double sum = 0;
        for (int point = 0; point < points; point++) {
            sum += plate.getFloat(Float.BYTES * point);
        }
        return sum / points;
    }

    private static void draw(ByteBuffer plate, int side) throws IOException {
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int point = 0; point < side * side; point++) {
            int red = Math.round(BRIGHTEST * plate.getFloat(Float.BYTES * point));
            picture.setRGB(point % side, point / side, red << 16 | BRIGHTEST - red);
        }
        ImageIO.write(picture, "png", Path.of("heat.png").toFile());
    }
}
