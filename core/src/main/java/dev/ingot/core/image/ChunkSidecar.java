package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkKey;
import dev.ingot.core.seal.ChunkPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SidecarProcess} that compresses, seals and hashes chunks for this process, which pays for a copy of each only. Chunks lie in
 * memory that both map; the file behind it has no name any more once both have it. Thread-safe.
 *
 * <p>It is not relied upon: where it ends, whoever asked does the work.
 */
public final class ChunkSidecar implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "ingot-sidecar-";

    private final Process process;
    private final OutputStream questions;
    private final List<Slot> slots = new ArrayList<>();
    private final BlockingQueue<Slot> free = new LinkedBlockingQueue<>();
    private volatile boolean lost;

    private ChunkSidecar(Process process, ByteBuffer memory, int count) {
        this.process = process;
        this.questions = process.getOutputStream();
        for (int number = 0; number < count; number++) {
            slots.add(new Slot(number, ChunkSlot.of(memory, number)));
        }
        free.addAll(slots);
    }

    private record Slot(int number, ChunkSlot memory, Semaphore answered) {
        Slot(int number, ChunkSlot memory) {
            this(number, memory, new Semaphore(0));
        }
    }

    /** Takes an encoded chunk; its bytes are valid until it returns. */
    @FunctionalInterface
    interface Taker {
        ChunkEntry take(ChunkEncoder.Encoded encoded) throws IOException;
    }

    /**
     * Starts a process.
     *
     * @param command that runs {@link SidecarProcess} with the arguments that are added
     * @param threads makes the thread that hears its answers
     * @throws IOException if it does not come to be
     */
    public static ChunkSidecar start(List<String> command, ThreadFactory threads) throws IOException {
        int count = Math.min(SidecarProcess.MOST_SLOTS, 2 * Runtime.getRuntime().availableProcessors());
        var ownersOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path file = Files.isDirectory(MEMORY)
                ? Files.createTempFile(MEMORY, PREFIX, "", ownersOnly)
                : Files.createTempFile(PREFIX, "", ownersOnly);
        try {
            ByteBuffer memory = SidecarProcess.map(file, count);
            List<String> whole = new ArrayList<>(command);
            whole.add(file.toString());
            whole.add(Integer.toString(count));
            ProcessBuilder builder = new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.DISCARD);
            // They are meant for the program.
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
            Process process = builder.start();
            InputStream answers = process.getInputStream();
            if (answers.read() != SidecarProcess.READY) {
                process.destroyForcibly();
                throw new IOException(
                        "the process that is to compress images does not start: " + String.join(" ", whole));
            }
            ChunkSidecar sidecar = new ChunkSidecar(process, memory, count);
            threads.newThread(() -> sidecar.hear(answers)).start();
            return sidecar;
        } finally {
            Files.delete(file);
        }
    }

    /** Whether it can be asked. */
    public boolean isAlive() {
        return !lost && process.isAlive();
    }

    /**
     * Has a chunk encoded as {@link ChunkEncoder#encode} does, and passes it on.
     *
     * @return null if the process has ended
     * @throws IOException what {@code taker} throws
     */
    @Nullable ChunkEntry encode(
            byte[] plain,
            int length,
            ChunkCodec wanted,
            int level,
            ChunkPlace place,
            @Nullable ChunkKey key,
            Taker taker)
            throws IOException {
        Slot slot = taken();
        try {
            slot.memory.ask(plain, length, wanted, level, place, key);
            if (!ask(slot)) {
                return null;
            }
            slot.answered.acquireUninterruptibly();
            return lost ? null : taker.take(slot.memory.answer());
        } finally {
            slot.memory.wipe();
            free.add(slot);
        }
    }

    private Slot taken() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return free.take();
                } catch (InterruptedException wokenEarly) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the process will answer, or its loss will. */
    private boolean ask(Slot slot) {
        synchronized (questions) {
            if (lost) {
                return false;
            }
            try {
                questions.write(slot.number);
                questions.flush();
                return true;
            } catch (IOException ended) {
                return false;
            }
        }
    }

    private void hear(InputStream answers) {
        try {
            for (int number = answers.read(); number >= 0 && number < slots.size(); number = answers.read()) {
                slots.get(number).answered.release();
            }
        } catch (IOException ended) {
            // As its end does, below.
        }
        synchronized (questions) {
            lost = true;
        }
        // Whoever waits now learns it; nobody asks any more.
        slots.forEach(slot -> slot.answered.release());
    }

    /** Ends the process. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
