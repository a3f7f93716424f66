package dev.ingot.benchmarks.heap;

import org.apache.fory.Fory;
import org.apache.fory.memory.MemoryBuffer;

/** Fory for Java only, with references; strings are not told from equal ones, which is its default. */
final class ForyEngine implements HeapEngine {
    private static final int FIRST_BUFFER = 1 << 26;
    private static final int DEEPEST = 6_000_000;

    private final Fory fory = Fory.builder()
            .withXlang(false)
            .withRefTracking(true)
            .requireClassRegistration(false)
            .suppressClassRegistrationWarnings(true)
            .withJdkClassSerializableCheck(false)
            .withMaxDepth(DEEPEST)
            .withMaxGraphMemoryBytes(Long.MAX_VALUE / 4)
            .build();
    private final MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(FIRST_BUFFER);

    @Override
    public void write(Object root) {
        buffer.writerIndex(0);
        fory.serialize(buffer, root);
    }

    @Override
    public long bytes() {
        return buffer.writerIndex();
    }

    @Override
    public Object read() {
        buffer.readerIndex(0);
        return fory.deserialize(buffer);
    }
}
