package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import java.util.List;

/** The codecs of this package. */
public final class ConcurrentCodecs {

    private ConcurrentCodecs() {}

    public static List<ObjectCodec<?>> codecs() {
        return List.of(
                new ThreadPoolCodec(),
                new CopyOnWriteListCodec(),
                new SynchronousQueueCodec(),
                new ReadWriteLockCodec(),
                new ForkJoinPoolCodec(),
                new WorkQueueCodec(),
                new SingleThreadExecutorCodec(),
                new DelayedExecutorCodec());
    }
}
