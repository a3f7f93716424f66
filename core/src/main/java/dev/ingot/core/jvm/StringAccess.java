package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.nio.charset.StandardCharsets;

/** The bytes inside strings: one byte a character where all fit (Latin-1), else two in the machine's byte order (UTF-16). */
public final class StringAccess {
    public static final int LATIN1 = 0;
    public static final int UTF16 = 1;

    /** Whether this JVM keeps strings in Latin-1 where it can; one that does not keeps all in UTF-16. */
    public static final boolean COMPACT;

    private static final long VALUE = DeclaredFields.offset(String.class, "value");
    private static final long CODER = DeclaredFields.offset(String.class, "coder");

    static {
        COMPACT = coder("a") == LATIN1;
    }

    private StringAccess() {}

    /** The array inside {@code string}; must not be changed. */
    public static byte[] bytes(String string) {
        return (byte[]) UNSAFE.getReference(string, VALUE);
    }

    public static int coder(String string) {
        return UNSAFE.getByte(string, CODER);
    }

    /**
     * Gives content to a string that was allocated without a constructor. {@code bytes}, in this machine's order, may become
     * part of the string.
     */
    public static void fill(String string, byte[] bytes, int coder) {
        if (coder == UTF16 && !COMPACT) {
            set(string, bytes, UTF16);
        } else if (coder == LATIN1 && COMPACT) {
            set(string, bytes, LATIN1);
        } else {
            String same = coder == LATIN1 ? new String(bytes, StandardCharsets.ISO_8859_1) : new String(chars(bytes));
            set(string, bytes(same), coder(same));
        }
    }

    private static void set(String string, byte[] bytes, int coder) {
        UNSAFE.putReference(string, VALUE, bytes);
        UNSAFE.putByte(string, CODER, (byte) coder);
    }

    private static char[] chars(byte[] utf16) {
        char[] chars = new char[utf16.length >> 1];
        UNSAFE.copyMemory(utf16, Memory.BYTE_BASE, chars, Memory.arrayBase(char[].class), 2L * chars.length);
        return chars;
    }
}
