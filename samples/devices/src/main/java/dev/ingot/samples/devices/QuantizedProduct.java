package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
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
import java.util.List;

/**
 * Products of matrices that a device computes from bytes: each matrix is scaled so that its largest element becomes 127 or -127. Every kind of
 * device can do that, and to the same bit, since sums of whole numbers are exact. Used by one thread.
 */
final class QuantizedProduct {
    private static final int LARGEST = Byte.MAX_VALUE;

    private final DeviceBuffer left;
    private final DeviceBuffer right;
    private final DeviceBuffer product;
    private final CommandQueue queue;
    private final Timeline products = new Timeline("products");

    /** How many were computed. */
    private long count;

    /** @param elements of the largest matrix */
    QuantizedProduct(Device device, long elements) throws DeviceFault, InterruptedException {
        left = device.allocate("left", elements);
        right = device.allocate("right", elements);
        product = device.allocate("product", Integer.BYTES * elements);
        queue = device.createQueue("products");
    }

    /** a · b, about; all row by row. */
    Matrix of(Matrix a, Matrix b) throws DeviceFault, InterruptedException {
        float scale = write(a, left) * write(b, right);
        Scalars sizes =
                Scalars.of("m", (long) a.height()).and("n", (long) b.width()).and("k", (long) a.width());
        count++;
        queue.submit(
                Kernel.of(StandardOperations.GEMM_I8, List.of(left, right, product), sizes),
                new TimelinePoint(products, count));
        products.await(count);
        Matrix result = new Matrix(a.height(), b.width());
        ByteBuffer sums =
                ByteBuffer.allocate(Integer.BYTES * result.elements().length).order(ByteOrder.LITTLE_ENDIAN);
        product.read(0, sums);
        sums.flip();
        for (int i = 0; i < result.elements().length; i++) {
            result.elements()[i] = scale * sums.getInt();
        }
        return result;
    }

    /** Returns what one unit of a byte stands for. */
    private static float write(Matrix matrix, DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        float largest = Float.MIN_NORMAL;
        for (float element : matrix.elements()) {
            largest = Math.max(largest, Math.abs(element));
        }
        ByteBuffer content = ByteBuffer.allocate(matrix.elements().length);
        for (float element : matrix.elements()) {
            content.put((byte) Math.round(element / largest * LARGEST));
        }
        buffer.write(0, content.flip());
        return largest / LARGEST;
    }
}
