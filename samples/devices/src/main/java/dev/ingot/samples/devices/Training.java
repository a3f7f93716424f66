package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.collective.AllReduce;
import dev.ingot.accelerator.device.Device;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Nets that learn together, one for each share of a batch. How many there are does not depend on the devices, so that what they learn
 * does not either. Used by one thread.
 */
final class Training {
    static final int SHARES = 4;

    private static final int BATCH = SHARES * Net.SHARE;

    private final List<Device> devices;
    private final List<Net> nets = new ArrayList<>();

    /** Spreads the nets over the devices, of which more than there are shares have nothing to do. */
    Training(List<Device> devices, long seed) throws DeviceFault, InterruptedException {
        this.devices = List.copyOf(devices);
        for (int share = 0; share < SHARES; share++) {
            Device device = devices.get(share % devices.size());
            nets.add(new Net(device, "share " + share, new Random(seed), BATCH));
        }
    }

    /** Learns from a batch, a share for each net, and returns how surprised the nets were by a picture. */
    double learn(List<ByteBuffer> batch) throws DeviceFault, InterruptedException {
        for (int share = 0; share < SHARES; share++) {
            nets.get(share).look(batch.get(share));
        }
        double surprise = 0;
        for (int share = 0; share < SHARES; share++) {
            nets.get(share).await();
            surprise += nets.get(share).surprise(batch.get(share));
        }
        for (int layer = 0; layer < nets.get(0).slopes().size(); layer++) {
            int slopesOf = layer;
            AllReduce.sumF32(
                    nets.stream().map(net -> net.slopes().get(slopesOf)).toList());
        }
        for (Net net : nets) {
            net.descend();
        }
        for (Net net : nets) {
            net.await();
        }
        return surprise / BATCH;
    }

    /** A number that tells whether weights are the same to the bit; the nets' are. */
    int weights() throws DeviceFault, InterruptedException {
        return nets.get(0).weights();
    }

    /** What was learned, as a file of ONNX. */
    byte[] model() throws DeviceFault, InterruptedException {
        return nets.get(0).model();
    }

    /** The devices that work at present, for people. */
    String devices() {
        return devices.stream()
                .map(device -> device.descriptor().name())
                .distinct()
                .collect(Collectors.joining(" and "));
    }
}
