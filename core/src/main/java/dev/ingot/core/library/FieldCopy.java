package dev.ingot.core.library;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.DeclaredFields;
import java.lang.reflect.Field;

/** Copies the instance fields of one object to another of the same class, without running its code. */
final class FieldCopy {

    private FieldCopy() {}

    static void copy(Object from, Object to) {
        for (Class<?> declaring = from.getClass(); declaring != null; declaring = declaring.getSuperclass()) {
            for (Field field : DeclaredFields.ofInstances(declaring)) {
                copy(from, to, UNSAFE.objectFieldOffset(field), field.getType());
            }
        }
        UNSAFE.storeFence();
    }

    private static void copy(Object from, Object to, long offset, Class<?> type) {
        switch (type.descriptorString().charAt(0)) {
            case 'Z', 'B' -> UNSAFE.putByte(to, offset, UNSAFE.getByte(from, offset));
            case 'C', 'S' -> UNSAFE.putShort(to, offset, UNSAFE.getShort(from, offset));
            case 'I', 'F' -> UNSAFE.putInt(to, offset, UNSAFE.getInt(from, offset));
            case 'J', 'D' -> UNSAFE.putLong(to, offset, UNSAFE.getLong(from, offset));
            default -> UNSAFE.putReference(to, offset, UNSAFE.getReference(from, offset));
        }
    }
}
