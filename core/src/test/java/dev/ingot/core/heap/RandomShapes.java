package dev.ingot.core.heap;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;

/** Source of classes with random fields and superclasses. */
final class RandomShapes {
    private static final String[] TYPES = {
        "boolean",
        "byte",
        "short",
        "char",
        "int",
        "long",
        "float",
        "double",
        "Object",
        "String",
        "int[]",
        "byte[]",
        "long[]",
        "Object[]",
        "Comparable<?>"
    };
    private static final int MOST_FIELDS = 9;

    private RandomShapes() {}

    static String name(int number) {
        return "Shape" + number;
    }

    /** One class that nests {@code count} others, each of which may extend one before it. */
    static String source(String outer, Random random, int count) {
        StringBuilder source = new StringBuilder("@SuppressWarnings(\"all\")\nclass " + outer + " {\n");
        for (int number = 0; number < count; number++) {
            source.append("    static class ").append(name(number));
            if (number > 0 && random.nextInt(3) > 0) {
                source.append(" extends ").append(name(random.nextInt(number)));
            }
            source.append(" {\n");
            for (int field = random.nextInt(MOST_FIELDS + 1); field > 0; field--) {
                source.append("        ")
                        .append(type(random, count))
                        .append(" field")
                        .append(field)
                        .append(";\n");
            }
            source.append("    }\n");
        }
        return source.append("}\n").toString();
    }

    private static String type(Random random, int count) {
        int choice = random.nextInt(TYPES.length + 5);
        if (choice < TYPES.length) {
            return TYPES[choice];
        }
        String shape = name(random.nextInt(count));
        return choice == TYPES.length ? shape + "[]" : shape;
    }

    /** The name of the superclass in a class file. */
    static String superclass(byte[] classFile) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
            in.readLong();
            Object[] pool = new Object[in.readUnsignedShort()];
            for (int index = 1; index < pool.length; index++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> pool[index] = in.readUTF();
                    case 7, 8, 16, 19, 20 -> pool[index] = in.readUnsignedShort();
                    case 15 -> in.skipNBytes(3);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        index++;
                    }
                    default -> in.skipNBytes(4);
                }
            }
            in.readUnsignedShort();
            in.readUnsignedShort();
            int name = (Integer) pool[in.readUnsignedShort()];
            return ((String) pool[name]).replace('/', '.');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
