package dev.ingot.core.heap;

import java.io.IOException;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** The leaf data of one resolved object, as bytes. */
final class Description {
    private final HeapWriter writer;
    private final ClassTable classes;
    private final Lane lane = new Lane(HeapStream.SHAPES, 64);

    Description(HeapWriter writer, ClassTable classes) {
        this.writer = writer;
        this.classes = classes;
    }

    void write(ClassPlan plan, Object object) throws StoppedWalkException, IOException {
        ObjectResolver<Object> resolver = java.util.Objects.requireNonNull(plan.resolver);
        try {
            writeList(resolver.describe(object), object, 0);
        } catch (NotCapturableException e) {
            throw new StoppedWalkException(object, e);
        }
    }

    byte[] bytes() {
        return lane.toBytes();
    }

    /** Tells whether an object of that plan is described as another one. */
    long fingerprint(ClassPlan plan) {
        return lane.fingerprint(0, plan.number);
    }

    private void writeList(Object[] parts, Object described, int depth) throws StoppedWalkException, IOException {
        if (depth > HeapStream.DEEPEST_DESCRIPTION) {
            throw refused(described, "its description is nested too deeply");
        }
        lane.number(parts.length);
        for (Object part : parts) {
            writePart(part, described, depth);
        }
    }

    private void writePart(@Nullable Object part, Object described, int depth)
            throws StoppedWalkException, IOException {
        if (part == null) {
            lane.octet(HeapStream.NULL_PART);
        } else if (part instanceof String text) {
            lane.octet(HeapStream.TEXT_PART);
            lane.text(text);
        } else if (part instanceof Class<?> type) {
            int number = classes.numberOf(type);
            lane.octet(HeapStream.CLASS_PART);
            lane.number(number);
        } else if (Box.kindOf(part) != null) {
            lane.octet(HeapStream.BOX_PART);
            Box.write(part, lane);
        } else if (part.getClass().isArray()) {
            writeArray(part, described, depth);
        } else {
            writeObject(part, described);
        }
    }

    private void writeArray(Object array, Object described, int depth) throws StoppedWalkException, IOException {
        Class<?> type = array.getClass();
        int component = classes.numberOf(type.getComponentType());
        if (array instanceof Object[] parts) {
            lane.octet(HeapStream.LIST_PART);
            lane.number(component);
            writeList(parts, described, depth + 1);
        } else {
            int shift = dev.ingot.core.jvm.Memory.elementShift(type);
            lane.octet(HeapStream.PRIMITIVES_PART);
            lane.number(component);
            lane.number(Array.getLength(array));
            lane.elements(array, 0, Math.multiplyExact(Array.getLength(array), 1 << shift), shift);
        }
    }

    private void writeObject(Object part, Object described) throws StoppedWalkException, IOException {
        if (!writer.isLeaf(part)) {
            throw refused(
                    described, "its description holds a " + part.getClass().getTypeName() + ", which is not leaf data");
        }
        int id = writer.reference(part);
        lane.octet(HeapStream.OBJECT_PART);
        lane.number(id);
    }

    private static StoppedWalkException refused(Object described, String reason) {
        return new StoppedWalkException(
                described,
                new NotCapturableException(
                        "cannot describe a " + described.getClass().getTypeName() + ": " + reason));
    }
}
