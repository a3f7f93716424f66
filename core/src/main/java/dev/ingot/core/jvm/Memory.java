package dev.ingot.core.jvm;

import java.lang.reflect.Method;
import java.nio.ByteOrder;
import jdk.internal.misc.Unsafe;

/** Memory of objects and arrays. Offsets that changed type between JDK versions are asked for once, by reflection. */
public final class Memory {
    public static final Unsafe UNSAFE = Unsafe.getUnsafe();

    /** Offset of the first element of a reference array, and the distance of its elements. */
    public static final long REFERENCE_BASE;

    public static final long REFERENCE_SCALE;
    public static final long BYTE_BASE;

    /** Whether a number lies in memory as it lies in an image. */
    public static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final Method ARRAY_BASE;

    static {
        try {
            ARRAY_BASE = Unsafe.class.getMethod("arrayBaseOffset", Class.class);
        } catch (NoSuchMethodException e) {
            throw new ExceptionInInitializerError(e);
        }
        REFERENCE_BASE = arrayBase(Object[].class);
        REFERENCE_SCALE = UNSAFE.arrayIndexScale(Object[].class);
        BYTE_BASE = arrayBase(byte[].class);
    }

    private Memory() {}

    /** Offset of the first element of arrays of {@code arrayType}. */
    public static long arrayBase(Class<?> arrayType) {
        try {
            return ((Number) ARRAY_BASE.invoke(UNSAFE, arrayType)).longValue();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "cannot find where the elements of " + arrayType.getTypeName() + " start", e);
        }
    }

    /** Binary logarithm of the size of an element of a primitive array. */
    public static int elementShift(Class<?> primitiveArrayType) {
        return Integer.numberOfTrailingZeros(UNSAFE.arrayIndexScale(primitiveArrayType));
    }

    /** Copies whole elements between two primitive arrays, from or to the byte order of an image. */
    public static void copyElements(
            Object from, long fromOffset, Object to, long toOffset, long bytes, int elementShift) {
        if (LITTLE_ENDIAN || elementShift == 0) {
            UNSAFE.copyMemory(from, fromOffset, to, toOffset, bytes);
        } else {
            UNSAFE.copySwapMemory(from, fromOffset, to, toOffset, bytes, 1L << elementShift);
        }
    }

    /** An object of {@code type}, without running a constructor; initialises the class. */
    public static Object allocate(Class<?> type) throws InstantiationException {
        return UNSAFE.allocateInstance(type);
    }
}
