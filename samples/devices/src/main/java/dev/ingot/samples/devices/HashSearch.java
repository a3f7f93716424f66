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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a word by its hash: tries all words of as many small letters, in the order of the alphabet, on several devices at once. It
 * writes how far it is, the same on any devices.
 *
 * <p>Arguments: the devices, and the word, of which only the hash is used.
 */
public final class HashSearch {
    private static final int LETTERS = 26;
    /** Words a device gets at a time: all with the same beginning. */
    private static final int LAST_LETTERS = 2;

    private static final int WORDS = LETTERS * LETTERS;

    private HashSearch() {}

    /** Searches. */
    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        byte[] word = arguments[1].getBytes(StandardCharsets.US_ASCII);
        if (!arguments[1].matches("[a-z]{3,12}")) {
            System.err.println("the word must have 3 to 12 small letters, not '" + arguments[1] + "'");
            System.exit(2);
        }
        List<Device> devices = ChosenDevices.open(arguments[0]);
        List<Searcher> searchers = new ArrayList<>();
        try {
            for (Device device : devices) {
                searchers.add(new Searcher(device, word.length));
            }
            long wanted = searchers.get(0).hashOf(word);
            System.out.println(search(searchers, word.length, wanted));
        } finally {
            devices.forEach(Device::close);
        }
    }

    private static String search(List<Searcher> searchers, int length, long wanted)
            throws DeviceFault, InterruptedException {
        long beginnings = 1;
        for (int i = LAST_LETTERS; i < length; i++) {
            beginnings *= LETTERS;
        }
        for (long first = 0; first < beginnings; first += searchers.size()) {
            int busy = (int) Math.min(searchers.size(), beginnings - first);
            for (int i = 0; i < busy; i++) {
                searchers.get(i).begin(first + i);
            }
            for (int i = 0; i < busy; i++) {
                int found = searchers.get(i).find(wanted);
                if (found >= 0) {
                    return "found " + text((first + i) * WORDS + found, length);
                }
                if ((first + i) % LETTERS == 0) {
                    System.out.println("not before " + text((first + i + 1) * WORDS - 1, length));
                }
            }
        }
        return "not found";
    }

    private static String text(long number, int length) {
        byte[] letters = new byte[length];
        put(number, letters, 0, length);
        return new String(letters, StandardCharsets.US_ASCII);
    }

    private static void put(long number, byte[] letters, int from, int to) {
        long rest = number;
        for (int i = to - 1; i >= from; i--) {
            letters[i] = (byte) ('a' + rest % LETTERS);
            rest /= LETTERS;
        }
    }

    /** A device and what it needs to hash words. */
    private static final class Searcher {
        private final int length;
        private final CommandQueue queue;
        private final DeviceBuffer words;
        private final DeviceBuffer hashes;
        private final Timeline done = new Timeline("hashes");
        private long submitted;

        Searcher(Device device, int length) throws DeviceFault, InterruptedException {
            this.length = length;
            queue = device.createQueue("search");
            words = device.allocate("words", (long) WORDS * length);
            hashes = device.allocate("hashes", (long) WORDS * Long.BYTES);
        }

        void begin(long beginning) throws DeviceFault, InterruptedException {
            byte[] content = new byte[WORDS * length];
            for (int word = 0; word < WORDS; word++) {
                put(beginning * WORDS + word, content, word * length, (word + 1) * length);
            }
            submit(content);
        }

        private void submit(byte[] content) throws DeviceFault, InterruptedException {
            words.write(0, ByteBuffer.wrap(content));
            submitted++;
            Scalars shape = Scalars.of("n", (long) content.length / length).and("width", (long) length);
            queue.submit(
                    Kernel.of(StandardOperations.FNV1A_64, List.of(words, hashes), shape),
                    new TimelinePoint(done, submitted));
        }

        /** Which of the words that were begun last has this hash; -1 if none has. */
        int find(long wanted) throws DeviceFault, InterruptedException {
            done.await(submitted);
            ByteBuffer content = ByteBuffer.allocate(WORDS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            hashes.read(0, content);
            for (int word = 0; word < WORDS; word++) {
                if (content.getLong(Long.BYTES * word) == wanted) {
                    return word;
                }
            }
            return -1;
        }

        long hashOf(byte[] word) throws DeviceFault, InterruptedException {
            submit(word);
            done.await(submitted);
            ByteBuffer content = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            hashes.read(0, content);
            return content.getLong(0);
        }
    }
}
