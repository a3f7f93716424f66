package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A local that a handler saves.
 *
 * @param index of the local
 * @param sort {@code I}, {@code J}, {@code F}, {@code D}, or {@code A} for a reference
 */
record SavedLocal(int index, char sort) {

    // Equality is spelled out: what javac makes for a record links method handles first, which costs a starting JVM
    // dearly.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SavedLocal local && index == local.index && sort == local.sort;
    }

    @Override
    public int hashCode() {
        return index * 31 + sort;
    }

    static char sortOf(Object verificationType) {
        if (verificationType == Opcodes.INTEGER) {
            return 'I';
        }
        if (verificationType == Opcodes.LONG) {
            return 'J';
        }
        if (verificationType == Opcodes.FLOAT) {
            return 'F';
        }
        return verificationType == Opcodes.DOUBLE ? 'D' : 'A';
    }

    static int sizeOf(char sort) {
        return sort == 'J' || sort == 'D' ? 2 : 1;
    }

    static Type typeOf(char sort) {
        return switch (sort) {
            case 'I' -> Type.INT_TYPE;
            case 'J' -> Type.LONG_TYPE;
            case 'F' -> Type.FLOAT_TYPE;
            case 'D' -> Type.DOUBLE_TYPE;
            default -> Type.getObjectType("java/lang/Object");
        };
    }

    int loadOpcode() {
        return typeOf(sort).getOpcode(Opcodes.ILOAD);
    }

    int storeOpcode() {
        return typeOf(sort).getOpcode(Opcodes.ISTORE);
    }

    /** The type a handler may assume: no narrower than what every covered call has. */
    Object verificationType() {
        return switch (sort) {
            case 'I' -> Opcodes.INTEGER;
            case 'J' -> Opcodes.LONG;
            case 'F' -> Opcodes.FLOAT;
            case 'D' -> Opcodes.DOUBLE;
            default -> "java/lang/Object";
        };
    }
}
