package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Trains the net of {@link TrainDigits} with products of bytes, which is all that a card made for them can compute; the rest is done here. It
 * writes the loss of each epoch and a hash of the weights, the same to the bit on every kind of device and on whichever it is moved to, and
 * {@code loss.svg}.
 *
 * <p>Arguments: the device and how many epochs.
 */
public final class TrainQuantized {
    private static final int BATCHES = 2;
    private static final int PICTURES = 256;
    private static final int HIDDEN = 32;
    private static final long SEED = 5;
    private static final float RATE = 0.3f;

    private final QuantizedProduct product;
    private final Matrix first;
    private final Matrix second;

    private record Batch(Matrix pictures, Matrix wanted) {}

    private TrainQuantized(Device device, Random random) throws DeviceFault, InterruptedException {
        product = new QuantizedProduct(device, (long) Digits.PIXELS * PICTURES);
        first = Matrix.random(Digits.PIXELS, HIDDEN, random);
        second = Matrix.random(HIDDEN, Digits.CLASSES, random);
    }

    /** Trains. */
    public static void main(String[] arguments) throws DeviceFault, InterruptedException, IOException {
        Random random = new Random(SEED);
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            batches.add(batch(random));
        }
        LossCurve curve = new LossCurve();
        try (Device device = ChosenDevices.open(arguments[0]).get(0)) {
            TrainQuantized training = new TrainQuantized(device, random);
            int epochs = Integer.parseInt(arguments[1]);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                double loss = 0;
                for (Batch batch : batches) {
                    loss += training.learn(batch) / BATCHES;
                }
                curve.add(loss, device.descriptor().name());
                System.out.println("epoch " + epoch + ": loss " + loss);
            }
            System.out.println("weights " + Integer.toHexString(31 * training.first.hash() + training.second.hash()));
        }
        curve.write(Path.of("loss.svg"));
    }

    private static Batch batch(Random random) {
        ByteBuffer content = Digits.pictures(PICTURES, random).order(ByteOrder.LITTLE_ENDIAN);
        return new Batch(read(content, Digits.PIXELS), read(content, Digits.CLASSES));
    }

    private static Matrix read(ByteBuffer content, int width) {
        Matrix matrix = new Matrix(PICTURES, width);
        for (int i = 0; i < matrix.elements().length; i++) {
            matrix.elements()[i] = content.getFloat();
        }
        return matrix;
    }

    /** Returns how surprised the net was by a picture. */
    private double learn(Batch batch) throws DeviceFault, InterruptedException {
        // Forward.
        Matrix sums = product.of(batch.pictures, first);
        Matrix hidden = sums.where(sums);
        Matrix answers = product.of(hidden, second).softmax();
        // Backward: how much each number should change.
        Matrix errors = answers.plus(-1, batch.wanted);
        Matrix blame = product.of(errors, second.transposed()).where(sums);
        second.add(-RATE / PICTURES, product.of(hidden.transposed(), errors));
        first.add(-RATE / PICTURES, product.of(batch.pictures.transposed(), blame));
        return surprise(answers, batch.wanted);
    }

    private static double surprise(Matrix answers, Matrix wanted) {
        double surprise = 0;
        for (int i = 0; i < wanted.elements().length; i++) {
            if (wanted.elements()[i] == 1) {
                surprise -= StrictMath.log(Math.max(1e-30, answers.elements()[i]));
            }
        }
        return surprise / PICTURES;
    }
}
