package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.graph.ImportedGraph;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Reads digits that nobody has seen before with a model of ONNX, such as {@link TrainDigits} leaves, and writes how many it got right of
 * each thousand. The model is an operation like any other, so it may be suspended in the middle of one and resumed on another device.
 *
 * <p>Arguments: the device, the model, and how many thousands.
 */
public final class ReadDigits {
    private static final int PICTURES = 1000;
    private static final long SEED = 77;

    private ReadDigits() {}

    /** Reads. */
    public static void main(String[] arguments) throws DeviceFault, InterruptedException, IOException {
        Operation model = ImportedGraph.operation("digits", Files.readAllBytes(Path.of(arguments[1])));
        Random random = new Random(SEED);
        List<Device> devices = ChosenDevices.open(arguments[0]);
        try (Device device = devices.get(0)) {
            DeviceBuffer pictures = device.allocate("pictures", Float.BYTES * PICTURES * Digits.PIXELS);
            DeviceBuffer answers = device.allocate("answers", Float.BYTES * PICTURES * Digits.CLASSES);
            CommandQueue queue = device.createQueue("reading");
            Timeline done = new Timeline("done");
            Kernel kernel =
                    Kernel.of(model, List.of(pictures, answers), Scalars.of(ImportedGraph.ROWS, (long) PICTURES));
            for (int thousand = 1; thousand <= Integer.parseInt(arguments[2]); thousand++) {
                ByteBuffer content = Digits.pictures(PICTURES, random);
                pictures.write(0, content.duplicate().limit((int) pictures.bytes()));
                queue.submit(kernel, new TimelinePoint(done, thousand));
                done.await(thousand);
                System.out.println("thousand " + thousand + ": " + right(answers) + " right");
            }
        }
    }

    /** How often the right digit was the likeliest one; the digits come in turn. */
    private static int right(DeviceBuffer answers) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) answers.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        answers.read(0, content);
        int right = 0;
        for (int i = 0; i < PICTURES; i++) {
            int likeliest = 0;
            for (int digit = 1; digit < Digits.CLASSES; digit++) {
                if (answer(content, i, digit) > answer(content, i, likeliest)) {
                    likeliest = digit;
                }
            }
            right += likeliest == i % Digits.CLASSES ? 1 : 0;
        }
        return right;
    }

    private static float answer(ByteBuffer content, int picture, int digit) {
        return content.getFloat(Float.BYTES * (picture * Digits.CLASSES + digit));
    }
}
