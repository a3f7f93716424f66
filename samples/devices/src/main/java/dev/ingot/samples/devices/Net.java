package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Command;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.graph.ModelBuilder;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A net of two layers on a device, which learns by gradient descent from its share of each batch; {@link Training} brings what the
 * shares say together. Used by one thread.
 */
final class Net {
    /** Pictures in a share. */
    static final int SHARE = 64;

    private static final long PIXELS = Digits.PIXELS;
    private static final long CLASSES = Digits.CLASSES;
    private static final long HIDDEN = 32;
    private static final float RATE = 0.3f;

    private final Device device;
    private final String name;
    private final CommandQueue queue;
    private final Timeline steps = new Timeline("steps");
    private final List<Command> slope = new ArrayList<>();
    private final List<Command> descent = new ArrayList<>();
    private final DeviceBuffer pictures;
    private final DeviceBuffer wanted;
    private final DeviceBuffer first;
    private final DeviceBuffer second;
    private final DeviceBuffer answers;
    private final DeviceBuffer firstSlope;
    private final DeviceBuffer secondSlope;
    private long count;

    /**
     * A net that knows nothing yet.
     *
     * @param name unique on the device
     * @param random nets that are to learn the same begin with the same numbers
     * @param batch pictures in all shares together
     */
    Net(Device device, String name, Random random, int batch) throws DeviceFault, InterruptedException {
        this.device = device;
        this.name = name;
        this.queue = device.createQueue(name);
        pictures = floats("pictures", SHARE * PIXELS);
        wanted = floats("wanted", SHARE * CLASSES);
        first = floats("first layer", PIXELS * HIDDEN);
        second = floats("second layer", HIDDEN * CLASSES);
        answers = floats("answers", SHARE * CLASSES);
        firstSlope = floats("slope of the first layer", PIXELS * HIDDEN);
        secondSlope = floats("slope of the second layer", HIDDEN * CLASSES);
        fill(first, random);
        fill(second, random);
        describeSlope();
        float rate = -RATE / batch;
        descend(first, firstSlope, PIXELS * HIDDEN, rate);
        descend(second, secondSlope, HIDDEN * CLASSES, rate);
    }

    private DeviceBuffer floats(String what, long count) throws DeviceFault, InterruptedException {
        return device.allocate(name + ": " + what, Float.BYTES * count);
    }

    private static void fill(DeviceBuffer weights, Random random) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) weights.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (content.hasRemaining()) {
            content.putFloat(0.4f * random.nextFloat() - 0.2f);
        }
        weights.write(0, content.flip());
    }

    /** The commands are always the same. */
    private void describeSlope() throws DeviceFault, InterruptedException {
        // Forward.
        DeviceBuffer sums = floats("sums", SHARE * HIDDEN);
        DeviceBuffer votes = floats("votes", SHARE * CLASSES);
        product(pictures, first, sums, SHARE, HIDDEN, PIXELS);
        DeviceBuffer hidden = pointwise(OwnOperations.RAMP, "hidden", SHARE * HIDDEN, sums);
        product(hidden, second, votes, SHARE, CLASSES, HIDDEN);
        add(
                StandardOperations.SOFTMAX_F32,
                List.of(votes, answers),
                Scalars.of("rows", (long) SHARE).and("width", CLASSES));
        // Backward: how much each number should change.
        DeviceBuffer errors = floats("errors", SHARE * CLASSES);
        add(
                StandardOperations.AXPY_F32,
                List.of(wanted, answers, errors),
                Scalars.of("n", SHARE * CLASSES).and("alpha", -1f));
        product(transposed("hidden", hidden, SHARE, HIDDEN), errors, secondSlope, HIDDEN, CLASSES, SHARE);
        DeviceBuffer blame = floats("blame", SHARE * HIDDEN);
        product(errors, transposed("second layer", second, HIDDEN, CLASSES), blame, SHARE, HIDDEN, CLASSES);
        DeviceBuffer hiddenSlope = pointwise(OwnOperations.RAMP_SLOPE, "slope of hidden", SHARE * HIDDEN, sums, blame);
        product(transposed("pictures", pictures, SHARE, PIXELS), hiddenSlope, firstSlope, PIXELS, HIDDEN, SHARE);
    }

    private void add(Operation operation, List<DeviceBuffer> buffers, Scalars scalars) {
        slope.add(Kernel.of(operation, buffers, scalars));
    }

    private void product(DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, long m, long n, long k) {
        add(
                StandardOperations.GEMM_F32,
                List.of(a, b, c),
                Scalars.of("m", m).and("n", n).and("k", k));
    }

    private DeviceBuffer pointwise(Operation operation, String what, long n, DeviceBuffer... inputs)
            throws DeviceFault, InterruptedException {
        DeviceBuffer out = floats(what, n);
        List<DeviceBuffer> buffers = new ArrayList<>(Arrays.asList(inputs));
        buffers.add(out);
        add(operation, buffers, Scalars.of("n", n));
        return out;
    }

    private DeviceBuffer transposed(String what, DeviceBuffer matrix, long height, long width)
            throws DeviceFault, InterruptedException {
        DeviceBuffer out = floats(what + " transposed", height * width);
        add(
                OwnOperations.TRANSPOSE,
                List.of(matrix, out),
                Scalars.of("height", height).and("width", width));
        return out;
    }

    private void descend(DeviceBuffer weights, DeviceBuffer weightSlope, long n, float rate)
            throws DeviceFault, InterruptedException {
        DeviceBuffer next = device.allocate("next of " + weights.name(), weights.bytes());
        descent.add(Kernel.of(
                StandardOperations.AXPY_F32,
                List.of(weightSlope, weights, next),
                Scalars.of("n", n).and("alpha", rate)));
        descent.add(new Command.Copy(next, 0, weights, 0, weights.bytes()));
    }

    /** Begins to find out how the weights should change for these pictures. */
    void look(ByteBuffer share) throws DeviceFault, InterruptedException {
        ByteBuffer content = share.duplicate();
        pictures.write(0, content.limit((int) pictures.bytes()));
        wanted.write(0, content.limit(share.limit()));
        submit(slope);
    }

    /** Begins to change the weights. */
    void descend() throws DeviceFault {
        submit(descent);
    }

    private void submit(List<Command> commands) throws DeviceFault {
        count++;
        queue.submit(List.of(), commands, List.of(new TimelinePoint(steps, count)));
    }

    /** Waits for what was begun. */
    void await() throws DeviceFault, InterruptedException {
        steps.await(count);
    }

    /** How the weights should change, in two buffers that may be changed before the descent. */
    List<DeviceBuffer> slopes() {
        return List.of(firstSlope, secondSlope);
    }

    /** How surprised the net was by a share it has looked at: the sum of -log of what it gave the right answers. */
    double surprise(ByteBuffer share) throws DeviceFault, InterruptedException {
        ByteBuffer right = share.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer given = read(answers);
        double surprise = 0;
        for (int i = 0; i < SHARE * CLASSES; i++) {
            if (right.getFloat((int) pictures.bytes() + Float.BYTES * i) == 1) {
                surprise -= StrictMath.log(Math.max(1e-30, given.getFloat(Float.BYTES * i)));
            }
        }
        return surprise;
    }

    /** A number that tells whether weights are the same to the bit. */
    int weights() throws DeviceFault, InterruptedException {
        return 31 * read(first).hashCode() + read(second).hashCode();
    }

    /** What was learned, as a file of ONNX: a picture in, how likely each digit is out. */
    byte[] model() throws DeviceFault, InterruptedException {
        return new ModelBuilder()
                .rows("picture", PIXELS)
                .constant("first", List.of(PIXELS, HIDDEN), read(first))
                .constant("second", List.of(HIDDEN, CLASSES), read(second))
                .node("MatMul", "sums", "picture", "first")
                .node("Relu", "hidden", "sums")
                .node("MatMul", "votes", "hidden", "second")
                .node("Softmax", "digit", "votes")
                .output("digit", ModelBuilder.Type.FLOAT)
                .model();
    }

    private static ByteBuffer read(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        buffer.read(0, content);
        return content.flip();
    }
}
