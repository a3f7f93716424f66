package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Trains a net to read digits. It writes what it has learned after each epoch, and {@code loss.svg} and {@code digits.onnx} at the end; both are the same to
 * the bit on whatever devices it was and on however many, so it may be suspended in the middle and resumed on others.
 *
 * <p>Arguments: the devices, such as {@code cpu} or {@code cpu,gpu}, and how many epochs. They have the roles {@code worker-0},
 * {@code worker-1} and so on, by which a resume can replace each.
 */
public final class TrainDigits {
    private static final int BATCHES = 2;
    private static final long SEED = 5;
    /** What was learned, which {@link ReadDigits} and any other program can use. */
    private static final Path MODEL = Path.of("digits.onnx");

    private TrainDigits() {}

    /** Trains. */
    public static void main(String[] arguments) throws DeviceFault, InterruptedException, IOException {
        Random random = new Random(SEED);
        List<List<ByteBuffer>> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            batches.add(batch(random));
        }
        LossCurve curve = new LossCurve();
        List<Device> devices = ChosenDevices.open(arguments[0]);
        try {
            Training training = new Training(devices, random.nextLong());
            int epochs = Integer.parseInt(arguments[1]);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                double loss = 0;
                for (List<ByteBuffer> batch : batches) {
                    loss += training.learn(batch) / BATCHES;
                }
                curve.add(loss, training.devices());
                System.out.println("epoch " + epoch + ": loss " + loss);
            }
            Files.write(MODEL, training.model());
            System.out.println("weights " + Integer.toHexString(training.weights()));
        } finally {
            devices.forEach(Device::close);
        }
        curve.write(Path.of("loss.svg"));
    }

    private static List<ByteBuffer> batch(Random random) {
        List<ByteBuffer> shares = new ArrayList<>();
        for (int share = 0; share < Training.SHARES; share++) {
            shares.add(Digits.pictures(Net.SHARE, random));
        }
        return shares;
    }
}
