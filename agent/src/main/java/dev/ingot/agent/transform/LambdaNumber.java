package dev.ingot.agent.transform;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The number in the name of a lambda's class, which before JDK 21 says how many there were in this JVM before: what is woven of a lambda is
 * remembered without it, or it would be found again only by a JVM that makes the same lambdas in the same order.
 */
final class LambdaNumber {
    private static final String LAMBDA = "$$Lambda$";

    /** Where a class file says how many constants it has. */
    private static final int CONSTANTS = 8;

    private LambdaNumber() {}

    /** The name, with slashes or dots, without the number if it ends with one. */
    static String without(String name) {
        int lambda = name.lastIndexOf(LAMBDA);
        int digits = lambda + LAMBDA.length();
        if (lambda < 0 || digits == name.length()) {
            return name;
        }
        for (int index = digits; index < name.length(); index++) {
            if (name.charAt(index) < '0' || name.charAt(index) > '9') {
                return name;
            }
        }
        return name.substring(0, digits - 1);
    }

    /** The class file with another name of the class it defines; the same one if the names are. Both names with slashes or dots. */
    static byte[] renamed(byte[] classFile, String from, String to) {
        if (from.equals(to)) {
            return classFile;
        }
        byte[] before = bytes(from);
        byte[] after = bytes(to);
        ByteArrayOutputStream out = new ByteArrayOutputStream(classFile.length + Byte.SIZE);
        int position = CONSTANTS + Short.BYTES;
        out.write(classFile, 0, position);
        int count = number(classFile, CONSTANTS);
        for (int constant = 1; constant < count; constant++) {
            int tag = classFile[position];
            if (tag == 1) {
                int length = number(classFile, position + 1);
                writeText(classFile, position + 3, length, before, after, out);
                position += 3 + length;
            } else {
                int size = sizeOf(tag);
                out.write(classFile, position, size);
                position += size;
                constant += tag == 5 || tag == 6 ? 1 : 0;
            }
        }
        out.write(classFile, position, classFile.length - position);
        return out.toByteArray();
    }

    /** Writes a text, which may be the name or a descriptor that has it. */
    private static void writeText(
            byte[] classFile, int start, int length, byte[] before, byte[] after, ByteArrayOutputStream out) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(length + Byte.SIZE);
        int end = start + length;
        int at = start;
        while (at < end) {
            if (isName(classFile, at, end, before)) {
                text.write(after, 0, after.length);
                at += before.length;
            } else {
                text.write(classFile[at++]);
            }
        }
        out.write(1);
        out.write(text.size() >> Byte.SIZE);
        out.write(text.size());
        out.write(text.toByteArray(), 0, text.size());
    }

    private static boolean isName(byte[] classFile, int at, int end, byte[] name) {
        int behind = at + name.length;
        if (behind > end || (behind < end && classFile[behind] != ';')) {
            return false;
        }
        for (int index = 0; index < name.length; index++) {
            if (classFile[at + index] != name[index]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String name) {
        return name.replace('.', '/').getBytes(StandardCharsets.UTF_8);
    }

    private static int number(byte[] classFile, int position) {
        return (classFile[position] & 0xff) << Byte.SIZE | (classFile[position + 1] & 0xff);
    }

    /** Bytes of a constant that is no text, with its tag. */
    private static int sizeOf(int tag) {
        return switch (tag) {
            case 5, 6 -> 9;
            case 7, 8, 16, 19, 20 -> 3;
            case 15 -> 4;
            default -> 5;
        };
    }
}
