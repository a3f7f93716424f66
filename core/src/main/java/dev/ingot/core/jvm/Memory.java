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

    private static final long BOOLEAN_BASE;
    private static final long SHORT_BASE;
    private static final long CHAR_BASE;
    private static final long INT_BASE;
    private static final long LONG_BASE;
    private static final long FLOAT_BASE;
    private static final long DOUBLE_BASE;

    static {
        try {
            ARRAY_BASE = Unsafe.class.getMethod("arrayBaseOffset", Class.class);
        } catch (NoSuchMethodException e) {
            throw new ExceptionInInitializerError(e);
        }
        REFERENCE_BASE = askedArrayBase(Object[].class);
        REFERENCE_SCALE = UNSAFE.arrayIndexScale(Object[].class);
        BYTE_BASE = askedArrayBase(byte[].class);
        BOOLEAN_BASE = askedArrayBase(boolean[].class);
        SHORT_BASE = askedArrayBase(short[].class);
        CHAR_BASE = askedArrayBase(char[].class);
        INT_BASE = askedArrayBase(int[].class);
        LONG_BASE = askedArrayBase(long[].class);
        FLOAT_BASE = askedArrayBase(float[].class);
        DOUBLE_BASE = askedArrayBase(double[].class);
    }

    private Memory() {}

    private static long askedArrayBase(Class<?> arrayType) {
        try {
            return ((Number) ARRAY_BASE.invoke(UNSAFE, arrayType)).longValue();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "cannot find where the elements of " + arrayType.getTypeName() + " start", e);
        }
    }

    /** Offset of the first element of arrays of {@code arrayType}. */
    public static long arrayBase(Class<?> arrayType) {
        if (arrayType == byte[].class) {
            return BYTE_BASE;
        } else if (arrayType == int[].class) {
            return INT_BASE;
        } else if (arrayType == long[].class) {
            return LONG_BASE;
        } else if (arrayType == char[].class) {
            return CHAR_BASE;
        } else if (arrayType == double[].class) {
            return DOUBLE_BASE;
        } else if (arrayType == float[].class) {
            return FLOAT_BASE;
        } else if (arrayType == short[].class) {
            return SHORT_BASE;
        } else if (arrayType == boolean[].class) {
            return BOOLEAN_BASE;
        }
        return REFERENCE_BASE;
    }

    /** Binary logarithm of the size of an element of a primitive array. */
    public static int elementShift(Class<?> primitiveArrayType) {
        if (primitiveArrayType == byte[].class || primitiveArrayType == boolean[].class) {
            return 0;
        } else if (primitiveArrayType == char[].class || primitiveArrayType == short[].class) {
            return 1;
        } else if (primitiveArrayType == int[].class || primitiveArrayType == float[].class) {
            return 2;
        }
        return 3;
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
