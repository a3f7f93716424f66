package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkPlace;
import dev.ingot.core.seal.Sealer;
import java.io.IOException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Compresses, seals, hashes and appends chunks to the pack. Thread-safe.
 *
 * <h2>Overview</h2>
 *
 * The first {@link #SMALL_IMAGE_BYTES} are deflated on the caller's thread: a small program pays neither for threads nor for
 * loading a native library. What follows is compressed with Zstandard on threads of its own, with a bounded number of chunks
 * on the way; the caller then waits for the disk at most, never for the compressor. Chunks reach the pack in any order, a
 * section remembers the order of its own.
 */
final class ChunkPipeline implements AutoCloseable {
    private static final long SMALL_IMAGE_BYTES = 4L << 20;
    private static final int MAX_WORKERS = 8;

    private final Disk.Output pack;
    private final @Nullable Sealer sealer;
    private final ThreadFactory threads;
    private final Sidecars sidecars;
    private final int workers =
            Math.max(1, Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors() - 1));
    private final CompressionLevel level = new CompressionLevel(workers);
    private final Semaphore permits = new Semaphore(2 * workers);
    private final Deque<ChunkEncoder> encoders = new ConcurrentLinkedDeque<>();
    private final Deque<byte[]> buffers = new ConcurrentLinkedDeque<>();
    private @Nullable ExecutorService executor;
    /** Written once, before the first task of the executor. */
    private @Nullable ChunkSidecar sidecar;

    private long plainBytes;
    private long packBytes;
    private @Nullable IOException failure;

    /** @param sealer seals the chunks; null if they lie in the clear */
    ChunkPipeline(Disk.Output pack, @Nullable Sealer sealer, ThreadFactory threads, Sidecars sidecars) {
        this.sidecars = sidecars;
        this.sealer = sealer;
        this.pack = pack;
        this.threads = threads;
    }

    /** A buffer of full chunk size, perhaps one that was used before. */
    byte[] buffer() {
        byte[] buffer = buffers.poll();
        return buffer == null ? new byte[ChunkEntry.MAX_PLAIN_BYTES] : buffer;
    }

    /** Takes over {@code plain}; the future gives the chunk's place once it is in the pack. */
    Future<ChunkEntry> submit(byte[] plain, int length, ChunkPlace place) throws IOException {
        requireHealthy();
        ExecutorService pool = pool(length);
        if (pool == null) {
            FutureTask<ChunkEntry> task = new FutureTask<>(() -> append(plain, length, ChunkCodec.DEFLATE, place));
            task.run();
            return task;
        }
        permits.acquireUninterruptibly();
        return pool.submit(() -> {
            try {
                return appendLarge(plain, length, largeImageCodec(), place);
            } finally {
                permits.release();
            }
        });
    }

    // The first failure of a background thread ends the image, not only the section that will wait for that chunk.
    private synchronized void requireHealthy() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private static ChunkCodec largeImageCodec() {
        return Zstandard.isAvailable() ? ChunkCodec.ZSTD : ChunkCodec.DEFLATE;
    }

    private synchronized @Nullable ExecutorService pool(int length) {
        plainBytes += length;
        if (plainBytes > SMALL_IMAGE_BYTES && executor == null) {
            sidecar = sidecars.get();
            executor = Executors.newFixedThreadPool(workers, threads);
        }
        return executor;
    }

    private ChunkEntry appendLarge(byte[] plain, int length, ChunkCodec codec, ChunkPlace place) throws IOException {
        ChunkSidecar helper = sidecar;
        if (helper != null && helper.isAlive()) {
            long begin = System.nanoTime();
            ChunkEntry done = helper.encode(
                    plain,
                    length,
                    codec,
                    level.get(),
                    place,
                    sealer == null ? null : sealer.chunkKey(),
                    encoded -> append(encoded, System.nanoTime() - begin));
            if (done != null) {
                recycle(plain);
                return done;
            }
        }
        return append(plain, length, codec, place);
    }

    private ChunkEntry append(byte[] plain, int length, ChunkCodec codec, ChunkPlace place) throws IOException {
        ChunkEncoder idle = encoders.poll();
        ChunkEncoder encoder = idle == null ? new ChunkEncoder(sealer == null ? null : sealer.chunks()) : idle;
        try {
            long begin = System.nanoTime();
            ChunkEncoder.Encoded encoded = encoder.encode(plain, length, codec, level.get(), place);
            return append(encoded, System.nanoTime() - begin);
        } finally {
            encoders.push(encoder);
            recycle(plain);
        }
    }

    private void recycle(byte[] plain) {
        if (plain.length == ChunkEntry.MAX_PLAIN_BYTES) {
            buffers.push(plain);
        }
    }

    private synchronized ChunkEntry append(ChunkEncoder.Encoded chunk, long encodingNanos) throws IOException {
        long offset = packBytes;
        long begin = System.nanoTime();
        try {
            pack.write(chunk.stored());
        } catch (IOException diskFailure) {
            failure = diskFailure;
            throw diskFailure;
        }
        level.took(encodingNanos, System.nanoTime() - begin);
        packBytes += chunk.entry().storedBytes();
        return chunk.entry().at(offset);
    }

    /** Bytes in the pack so far. */
    synchronized long packBytes() {
        return packBytes;
    }

    /** Waits for a chunk, through interrupts: half an image is worth nothing to whoever interrupted. */
    static ChunkEntry await(Future<ChunkEntry> chunk) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return chunk.get();
                } catch (InterruptedException wokenEarly) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw rethrown(failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrown(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof IOException known) {
            return known;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("a chunk could not be compressed", cause);
    }

    /** Ends the threads and gives back native memory. Chunks still on the way are finished first. */
    @Override
    public void close() {
        ExecutorService pool = executor;
        if (pool != null) {
            pool.shutdown();
            permits.acquireUninterruptibly(2 * workers);
            permits.release(2 * workers);
        }
        encoders.forEach(ChunkEncoder::close);
        encoders.clear();
        buffers.clear();
    }
}
