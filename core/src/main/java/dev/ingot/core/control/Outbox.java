package dev.ingot.core.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events on their way to one client. Thread-safe; adding never waits: while a client does not read, reports of progress
 * replace each other and log lines beyond a limit are dropped, answers are kept.
 */
final class Outbox {
    private static final int MAX_LINES = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();
    private final Deque<Line> lines = new ArrayDeque<>();
    private boolean closed;

    /** What may happen to a line that cannot be sent at once. */
    enum Kind {
        ANSWER,
        PROGRESS,
        LOG
    }

    void add(Kind kind, String text) {
        lock.lock();
        try {
            if (closed || (kind == Kind.LOG && lines.size() >= MAX_LINES)) {
                return;
            }
            Line last = lines.peekLast();
            if (kind == Kind.PROGRESS && last != null && last.kind == Kind.PROGRESS && last.isUntouched()) {
                lines.removeLast();
            }
            lines.addLast(new Line(kind, ByteBuffer.wrap((text + '\n').getBytes(StandardCharsets.UTF_8))));
        } finally {
            lock.unlock();
        }
    }

    /** Writes as much as the channel takes without waiting; returns whether nothing is left. */
    boolean writeTo(WritableByteChannel channel) throws IOException {
        lock.lock();
        try {
            for (Line line = lines.peekFirst(); line != null; line = lines.peekFirst()) {
                channel.write(line.bytes);
                if (line.bytes.hasRemaining()) {
                    return false;
                }
                lines.removeFirst();
            }
            emptied.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return lines.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is sent or the client is gone, at most {@code limit}. */
    void awaitEmpty(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!lines.isEmpty() && !closed && left > 0) {
                left = emptied.awaitNanos(left);
            }
        } catch (InterruptedException askedToStop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            lines.clear();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A line, perhaps sent in part. */
    private record Line(Kind kind, ByteBuffer bytes) {
        boolean isUntouched() {
            return bytes.position() == 0;
        }
    }
}
