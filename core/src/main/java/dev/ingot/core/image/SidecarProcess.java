package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The process that compresses, seals and hashes chunks for another one: {@code FILE SLOTS}. On its standard input come numbers of slots of
 * the file, one byte each; it answers with the same numbers, once it has mapped the file with {@link #READY} before. It ends with
 * its input, and so with the other process.
 */
public final class SidecarProcess {
    static final int READY = 0xff;
    static final int MOST_SLOTS = 32;

    private final ChunkSlot[] slots;
    private final OutputStream answers;
    private final byte[][] plain;

    private SidecarProcess(ChunkSlot[] slots, OutputStream answers) {
        this.slots = slots;
        this.answers = answers;
        this.plain = new byte[slots.length][];
    }

    /** The process's main method. */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        ChunkSlot[] slots = new ChunkSlot[count];
        MappedByteBuffer memory = map(Path.of(arguments[0]), count);
        for (int number = 0; number < count; number++) {
            slots[number] = ChunkSlot.of(memory, number);
        }
        new SidecarProcess(slots, System.out).serve(System.in);
    }

    static MappedByteBuffer map(Path file, int slots) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) slots * ChunkSlot.BYTES);
        }
    }

    private void serve(InputStream questions) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.min(slots.length, Runtime.getRuntime().availableProcessors()));
        try {
            say(READY);
            for (int number = questions.read(); number >= 0; number = questions.read()) {
                int slot = number;
                workers.execute(() -> answer(slot));
            }
        } finally {
            // Nobody waits for what is still under way.
            workers.shutdownNow();
        }
    }

    /** What goes wrong ends this process: the other one then does its chunks itself. */
    private void answer(int number) {
        try {
            ChunkSlot slot = slots[number];
            ChunkKey key = slot.key();
            try (ChunkEncoder encoder = new ChunkEncoder(key == null ? null : key.cipher())) {
                slot.answer(
                        encoder.encode(plain(number), slot.plainLength(), slot.codec(), slot.level(), slot.place()));
            }
            say(number);
        } catch (Throwable failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private byte[] plain(int number) {
        byte @Nullable [] buffer = plain[number];
        if (buffer == null) {
            buffer = new byte[ChunkEntry.MAX_PLAIN_BYTES];
            plain[number] = buffer;
        }
        slots[number].plain(buffer);
        return buffer;
    }

    private synchronized void say(int number) throws IOException {
        answers.write(number);
        answers.flush();
    }
}
