package dev.ingot.core.heap;

import dev.ingot.core.jvm.Memory;
import java.lang.reflect.Array;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The leaf data of a resolved object, read from an image. Its classes and objects may not be there yet. */
final class DescribedObject {
    private final Part[] parts;

    private DescribedObject(Part[] parts) {
        this.parts = parts;
    }

    static DescribedObject read(
            LaneInput in, ImageClasses classes, IntFunction<@Nullable Object> objects, int objectCount)
            throws ImageFormatException {
        DescribedObject described = new DescribedObject(new Reading(in, classes, objects, objectCount).list(0));
        if (in.hasMore()) {
            throw in.damaged("a description is followed by something else");
        }
        return described;
    }

    /** The parts, or null while something is missing. */
    Object @Nullable [] parts() throws NotRestorableException {
        Object[] values = new Object[parts.length];
        return values(parts, values) ? values : null;
    }

    private static boolean values(Part[] parts, Object array) throws NotRestorableException {
        for (int index = 0; index < parts.length; index++) {
            if (!parts[index].isThere()) {
                return false;
            }
            store(parts[index].value(), array, index);
        }
        return true;
    }

    private static void store(@Nullable Object value, Object array, int index) throws NotRestorableException {
        Class<?> component = array.getClass().getComponentType();
        if (component.isPrimitive() || (value != null && !component.isInstance(value))) {
            throw new NotRestorableException(
                    "its description has a part that is no " + component.getTypeName() + "; the image is damaged");
        }
        ((Object[]) array)[index] = value;
    }

    private interface Part {
        boolean isThere();

        @Nullable Object value() throws NotRestorableException;
    }

    private record Value(@Nullable Object value) implements Part {
        @Override
        public boolean isThere() {
            return true;
        }
    }

    private record TypePart(ImageClass type) implements Part {
        @Override
        public boolean isThere() {
            return type.type() != null;
        }

        @Override
        public @Nullable Object value() {
            return type.type();
        }
    }

    private record ObjectPart(IntFunction<@Nullable Object> objects, int id) implements Part {
        @Override
        public boolean isThere() {
            return objects.apply(id) != null;
        }

        @Override
        public @Nullable Object value() {
            return objects.apply(id);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record ListPart(ImageClass component, Part[] parts) implements Part {
        @Override
        public boolean isThere() {
            if (component.type() == null) {
                return false;
            }
            for (Part part : parts) {
                if (!part.isThere()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public @Nullable Object value() throws NotRestorableException {
            Class<?> type = component.type();
            Object array = type == null ? null : Array.newInstance(type, parts.length);
            return array != null && values(parts, array) ? array : null;
        }
    }

    private record Reading(LaneInput in, ImageClasses classes, IntFunction<@Nullable Object> objects, int objectCount) {

        Part[] list(int depth) throws ImageFormatException {
            if (depth > HeapStream.DEEPEST_DESCRIPTION) {
                throw in.damaged("a description is nested too deeply");
            }
            Part[] list = new Part[in.count(1)];
            for (int index = 0; index < list.length; index++) {
                list[index] = part(depth);
            }
            return list;
        }

        private Part part(int depth) throws ImageFormatException {
            int tag = in.octet();
            return switch (tag) {
                case HeapStream.NULL_PART -> new Value(null);
                case HeapStream.TEXT_PART -> new Value(in.text());
                case HeapStream.CLASS_PART -> new TypePart(type());
                case HeapStream.OBJECT_PART -> new ObjectPart(objects, in.index(objectCount, "object"));
                case HeapStream.LIST_PART -> new ListPart(type(), list(depth + 1));
                case HeapStream.BOX_PART -> box();
                case HeapStream.PRIMITIVES_PART -> primitives();
                default -> throw in.damaged("kind of part " + tag + " does not exist");
            };
        }

        private ImageClass type() throws ImageFormatException {
            return classes.get(in.index(classes.count(), "class"));
        }

        private Part box() throws ImageFormatException {
            Object box = Box.of(in.octet(), in.fixedLong());
            if (box == null) {
                throw in.damaged("no primitive type has this descriptor");
            }
            return new Value(box);
        }

        private Part primitives() throws ImageFormatException {
            Class<?> component = type().type();
            if (component == null || !component.isPrimitive() || component == void.class) {
                throw in.damaged("an array of primitives has another component type");
            }
            int shift = Memory.elementShift(component.arrayType());
            Object array = Array.newInstance(component, in.count(1 << shift));
            in.elements(array, Array.getLength(array) << shift, shift);
            return new Value(array);
        }
    }
}
