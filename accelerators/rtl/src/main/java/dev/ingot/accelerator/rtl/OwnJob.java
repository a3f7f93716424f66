package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A step of an operation that brings its own circuit. Which part of its operands the step uses is not known, so they are on the card as a
 * whole, one after the other, each from a word on.
 */
final class OwnJob implements Job {
    private final Core core;
    private final Operation operation;
    private final List<CardOperand> operands;
    private final Scalars scalars;
    private final long first;
    private final int count;
    private final long[] places;

    OwnJob(Core core, Operation operation, List<CardOperand> operands, Scalars scalars, long first, long end) {
        this.core = core;
        this.operation = operation;
        this.operands = operands;
        this.scalars = scalars;
        this.first = first;
        this.count = Math.toIntExact(end - first);
        this.places = new long[operands.size() + 1];
        for (int i = 0; i < operands.size(); i++) {
            long words = (operands.get(i).size() + core.wordBytes() - 1) / core.wordBytes();
            places[i + 1] = places[i] + words * core.wordBytes();
        }
    }

    @Override
    public Core core() {
        return core;
    }

    @Override
    public long memoryBytes() {
        return places[operands.size()];
    }

    /** What was computed before is there too, because it is read back with the rest. */
    @Override
    public void writeInputs(Card card) throws DeviceFault {
        for (int i = 0; i < operands.size(); i++) {
            CardOperand operand = operands.get(i);
            card.place(places[i], operand.size(), operand.part(), () -> content(operand));
            if (operation.operands().get(i).access().writes()) {
                card.spoil(places[i], operand.size());
            }
        }
    }

    private static byte[] content(CardOperand operand) {
        byte[] content = new byte[Math.toIntExact(operand.size())];
        operand.read(0, ByteBuffer.wrap(content));
        return content;
    }

    @Override
    public int[] arguments() {
        int[] arguments = new int[operands.size() + 2 * operation.scalars().size() + 3];
        int at = 0;
        for (int i = 0; i < operands.size(); i++) {
            arguments[at++] = (int) (places[i] / core.wordBytes());
        }
        for (Scalar scalar : operation.scalars()) {
            long value = scalar.type() == ElementType.F32
                    ? Float.floatToRawIntBits(scalars.real(scalar.name())) & 0xffffffffL
                    : scalars.integer(scalar.name());
            arguments[at++] = (int) value;
            arguments[at++] = (int) (value >>> 32);
        }
        arguments[at++] = (int) first;
        arguments[at++] = (int) (first >>> 32);
        arguments[at] = count;
        return arguments;
    }

    @Override
    public void writeResults(Card card) {
        // They are written with what is read.
    }

    @Override
    public void readResults(Card card) throws DeviceFault {
        List<Operand> described = operation.operands();
        for (int i = 0; i < operands.size(); i++) {
            if (described.get(i).access().writes()) {
                int size = Math.toIntExact(operands.get(i).size());
                operands.get(i).write(0, ByteBuffer.wrap(card.readMemory(places[i], size)));
                card.placed(places[i], size, operands.get(i).part());
            }
        }
    }
}
