package dev.ingot.core.heap;

import java.lang.reflect.Field;

/**
 * A field as an image names it.
 *
 * @param declaring number of the class that declares it
 * @param descriptor its type as in a class file
 */
record ImageField(int declaring, String name, String descriptor) {
    static ImageField of(int declaring, Field field) {
        return new ImageField(declaring, field.getName(), field.getType().descriptorString());
    }

    boolean isPrimitive() {
        return descriptor.length() == 1;
    }

    /** Bytes of its value, a reference being an id. */
    int size() {
        return switch (descriptor.charAt(0)) {
            case 'Z', 'B' -> 1;
            case 'C', 'S' -> 2;
            case 'J', 'D' -> 8;
            default -> 4;
        };
    }
}
