package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;

/** Hashes of some records. On the card each record begins at a word. */
final class HashJob implements Job {
    private static final int WORD = Core.HASH.wordBytes();

    private final CardOperand records;
    private final CardOperand hashes;
    private final long first;
    private final int count;
    private final long width;
    private final long stride;

    HashJob(List<CardOperand> operands, Scalars scalars, long first, long end) {
        this.records = operands.get(0);
        this.hashes = operands.get(1);
        this.first = first;
        this.count = Math.toIntExact(end - first);
        this.width = scalars.integer("width");
        this.stride = (width + WORD - 1) / WORD * WORD;
    }

    @Override
    public Core core() {
        return Core.HASH;
    }

    @Override
    public long memoryBytes() {
        return Math.addExact(outputs(), (long) count * WORD);
    }

    private long outputs() {
        return Math.multiplyExact(stride, (long) count);
    }

    @Override
    public void writeInputs(Card card) throws DeviceFault {
        card.spoil(outputs(), (long) count * WORD);
        card.place(0, outputs(), records.part(2L, width, first, (long) count), this::content);
    }

    private byte[] content() {
        byte[] content = new byte[(int) outputs()];
        for (int i = 0; i < count; i++) {
            records.read((first + i) * width, ByteBuffer.wrap(content, (int) (i * stride), (int) width));
        }
        return content;
    }

    @Override
    public int[] arguments() {
        return new int[] {0, (int) (outputs() / WORD), (int) width, count};
    }

    @Override
    public void writeResults(Card card) throws DeviceFault {
        byte[] content = new byte[count * WORD];
        hashes.read(first * WORD, ByteBuffer.wrap(content));
        card.writeMemory(outputs(), content);
    }

    @Override
    public void readResults(Card card) throws DeviceFault {
        hashes.write(first * WORD, ByteBuffer.wrap(card.readMemory(outputs(), count * WORD)));
    }
}
