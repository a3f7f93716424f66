package dev.ingot.core.handover;

import static dev.ingot.core.jvm.Memory.BYTE_BASE;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes from a writer that must not wait and passes them on to a stream that takes its time, on a thread of its own.
 *
 * <p>What is on the way lies outside the Java heap, so that a program whose heap is full can be written, and never exceeds a
 * bound: at the bound the writer waits after all. The memory is given back by {@link #close}.
 *
 * <p>One thread writes to {@link #input} and closes it; it or another one then calls {@link #finish}. The target is used by the
 * thread of this object alone until then.
 */
public final class HandOver implements AutoCloseable {
    /** Bytes that become available to the target at a time. */
    private static final int SEGMENT = 1 << 18;

    /** More than the C library keeps for itself when it is freed; pages that are never used cost nothing. */
    private static final long SLAB = 64L << 20;

    private static final int COPY = 1 << 16;
    private static final int PAGE = 1 << 12;

    private final OutputStream target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Segment> full = new ArrayDeque<>();
    private final Deque<Segment> free = new ArrayDeque<>();
    private final List<Long> slabs = new ArrayList<>();
    private final Input input = new Input();

    private long most;
    private long allocated;
    private boolean ended;
    private boolean abandoned;
    private boolean done;
    private @Nullable Throwable failure;
    private long written;

    private HandOver(OutputStream target, long most) {
        this.target = target;
        this.most = Math.max(most, 2 * SEGMENT) & -SEGMENT;
    }

    /** A part of the memory. Belongs to the writer or to the thread that passes on, never to both. */
    private static final class Segment {
        final long address;
        int size;

        Segment(long address) {
            this.address = address;
        }
    }

    /**
     * Begins to pass on.
     *
     * @param target gets all bytes and is closed behind the last one
     * @param most how many bytes may be on the way
     * @param threads makes the thread that passes on
     */
    public static HandOver to(OutputStream target, long most, ThreadFactory threads) {
        HandOver handOver = new HandOver(target, most);
        threads.newThread(handOver::passOn).start();
        return handOver;
    }

    /**
     * Has memory for that many bytes made ready, so that the writer does not wait for the system to do so. What exceeds the
     * bound does not count.
     */
    public void prepare(long bytes) {
        lock.lock();
        try {
            while (allocated < Math.min(bytes, most) && allocate()) {
                // One slab after the other.
            }
            long left = bytes;
            for (Segment segment : free) {
                for (int page = 0; page < SEGMENT && left > 0; page += PAGE) {
                    UNSAFE.putByte(segment.address + page, (byte) 0);
                    left -= PAGE;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Where the writer writes. Its {@code close} says that there is no more, and does not wait. */
    public ElementOutput input() {
        return input;
    }

    /** How many bytes were written to {@link #input}; asked on the thread that writes. */
    public long written() {
        return written;
    }

    /**
     * Waits until the target has everything and is closed.
     *
     * @throws IOException what the target threw
     */
    public void finish() throws IOException {
        lock.lock();
        try {
            while (!done) {
                changed.awaitUninterruptibly();
            }
            requireHealthy();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is still on the way, waits for the call of the target under way, and gives the memory back. */
    @Override
    public void close() {
        lock.lock();
        try {
            abandoned = true;
            changed.signalAll();
            while (!done) {
                changed.awaitUninterruptibly();
            }
            full.clear();
            free.clear();
            slabs.forEach(UNSAFE::freeMemory);
            slabs.clear();
        } finally {
            lock.unlock();
        }
    }

    private void requireHealthy() throws IOException {
        Throwable thrown = failure;
        if (thrown instanceof IOException known) {
            throw known;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new IllegalStateException("an image could not be passed on", thrown);
        }
    }

    // ---- the thread that passes on

    private void passOn() {
        Throwable thrown = null;
        try {
            byte[] buffer = new byte[COPY];
            for (Segment segment = next(); segment != null; segment = next()) {
                copyOut(segment, buffer);
                recycle(segment);
            }
            target.close();
        } catch (Throwable problem) {
            thrown = problem;
        }
        lock.lock();
        try {
            failure = thrown;
            done = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void copyOut(Segment segment, byte[] buffer) throws IOException {
        for (int from = 0; from < segment.size; from += buffer.length) {
            int part = Math.min(buffer.length, segment.size - from);
            UNSAFE.copyMemory(null, segment.address + from, buffer, BYTE_BASE, part);
            target.write(buffer, 0, part);
        }
    }

    private @Nullable Segment next() {
        lock.lock();
        try {
            while (full.isEmpty() && !ended && !abandoned) {
                changed.awaitUninterruptibly();
            }
            return abandoned ? null : full.poll();
        } finally {
            lock.unlock();
        }
    }

    private void recycle(Segment segment) {
        lock.lock();
        try {
            segment.size = 0;
            free.push(segment);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the writer

    private Segment fresh() throws IOException {
        lock.lock();
        try {
            while (free.isEmpty()) {
                if (done || abandoned) {
                    requireHealthy();
                    throw new IOException("the image was given up");
                }
                if (!allocate()) {
                    changed.awaitUninterruptibly();
                }
            }
            return free.pop();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is more memory than before. */
    private boolean allocate() {
        long size = Math.min(SLAB, most - allocated);
        if (size <= 0) {
            return false;
        }
        long slab;
        try {
            slab = UNSAFE.allocateMemory(size);
        } catch (OutOfMemoryError systemHasNoMore) {
            if (allocated == 0) {
                throw systemHasNoMore;
            }
            most = allocated;
            return false;
        }
        slabs.add(slab);
        allocated += size;
        for (long offset = size - SEGMENT; offset >= 0; offset -= SEGMENT) {
            free.push(new Segment(slab + offset));
        }
        return true;
    }

    private void offer(Segment segment) {
        lock.lock();
        try {
            full.add(segment);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Input extends ElementOutput {
        private @Nullable Segment filling;
        private boolean closed;

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            writeElements(bytes, BYTE_BASE + offset, length);
        }

        @Override
        public void writeElements(Object array, long offset, long bytes) throws IOException {
            if (closed) {
                throw new IOException("all has been handed over");
            }
            long from = offset;
            long left = bytes;
            while (left > 0) {
                Segment segment = withRoom();
                int part = (int) Math.min(left, SEGMENT - segment.size);
                UNSAFE.copyMemory(array, from, null, segment.address + segment.size, part);
                segment.size += part;
                from += part;
                left -= part;
            }
            written += bytes;
        }

        private Segment withRoom() throws IOException {
            Segment segment = filling;
            if (segment != null && segment.size == SEGMENT) {
                filling = null;
                offer(segment);
                segment = null;
            }
            if (segment == null) {
                segment = fresh();
                filling = segment;
            }
            return segment;
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            Segment last = filling;
            filling = null;
            if (last != null) {
                offer(last);
            }
            end();
        }
    }
}
