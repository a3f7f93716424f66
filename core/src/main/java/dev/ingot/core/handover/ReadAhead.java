package dev.ingot.core.handover;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream that takes its time, such as one that decompresses, on a thread of its own, a few blocks ahead of whoever reads.
 * What the stream throws is thrown where its bytes would have come. The thread begins when the first byte is asked for. For one reader at a
 * time.
 */
public final class ReadAhead extends InputStream {
    private static final int BLOCK = 1 << 18;
    private static final int MOST_BLOCKS = 8;

    private final InputStream source;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Block> full = new ArrayDeque<>();
    private final Deque<Block> free = new ArrayDeque<>();
    private boolean closed;
    private boolean done;
    private @Nullable Throwable failure;
    /** The reader's, as {@link #current}. */
    private boolean begun;

    private @Nullable Block current;

    private ReadAhead(InputStream source, ThreadFactory threads) {
        this.source = source;
        this.threads = threads;
        for (int block = 0; block < MOST_BLOCKS; block++) {
            free.push(new Block());
        }
    }

    private static final class Block {
        byte[] bytes = new byte[0];
        int limit;
        int position;
    }

    /**
     * Reads nothing yet.
     *
     * @param source is closed with this stream
     * @param threads makes the thread that reads
     */
    public static InputStream of(InputStream source, ThreadFactory threads) {
        return new ReadAhead(source, threads);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            threads.newThread(this::readAll).start();
        }
    }

    private void readAll() {
        Throwable thrown = null;
        try {
            for (Block block = nextFree(); block != null && fill(block); block = nextFree()) {
                offer(block);
            }
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

    private boolean fill(Block block) throws IOException {
        if (block.bytes.length == 0) {
            block.bytes = new byte[BLOCK];
        }
        block.position = 0;
        block.limit = 0;
        // Not a whole block: what has come before a failure is to be read before it.
        int count = source.read(block.bytes, 0, BLOCK);
        block.limit = count;
        return count >= 0;
    }

    private @Nullable Block nextFree() {
        lock.lock();
        try {
            while (free.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return closed ? null : free.pop();
        } finally {
            lock.unlock();
        }
    }

    private void offer(Block block) {
        lock.lock();
        try {
            full.add(block);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        Block block = withBytes();
        return block == null ? -1 : block.bytes[block.position++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        Block block = withBytes();
        if (block == null) {
            return -1;
        }
        int part = Math.min(length, block.limit - block.position);
        System.arraycopy(block.bytes, block.position, bytes, offset, part);
        block.position += part;
        return part;
    }

    /** A block with something left in it, null at the end. */
    private @Nullable Block withBytes() throws IOException {
        begin();
        Block block = current;
        while (block == null || block.position == block.limit) {
            block = exchange(block);
            current = block;
            if (block == null) {
                return null;
            }
        }
        return block;
    }

    private @Nullable Block exchange(@Nullable Block used) throws IOException {
        lock.lock();
        try {
            if (used != null) {
                free.push(used);
                changed.signalAll();
            }
            while (full.isEmpty() && !done) {
                changed.awaitUninterruptibly();
            }
            if (full.isEmpty()) {
                requireHealthy();
            }
            return full.poll();
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
            throw new IOException("an image could not be read: " + thrown, thrown);
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (begun && !done) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        source.close();
    }
}
