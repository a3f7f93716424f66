package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.backend.ResidentMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;
import java.util.List;

/** Memory of the host that steps use. What of it is on the card is told by what it held then. */
final class CardOperand implements ResidentMemory {
    private final HostMemory memory;
    /** Stands for this object without holding its memory. */
    private final Object identity = new Object();
    /** Counts the changes of the content. */
    private long version;

    CardOperand(HostMemory memory) {
        this.memory = memory;
    }

    /**
     * A part of an operand as it is at present, laid out in some way.
     *
     * @param numbers which part it is, and how it is laid out
     */
    record Part(Object operand, long version, List<Long> numbers) {}

    Part part(Long... numbers) {
        return new Part(identity, version, List.of(numbers));
    }

    @Override
    public void changed(long offset, long count) {
        version++;
    }

    @Override
    public long size() {
        return memory.size();
    }

    @Override
    public void write(long offset, ByteBuffer source) {
        version++;
        memory.write(offset, source);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        memory.read(offset, target);
    }

    @Override
    public void close() {}
}
