package dev.ingot.core.jvm;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields a class file declares, in its order. */
final class ClassFileFields {
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int METHOD_HANDLE = 15;

    private ClassFileFields() {}

    /** A field; its type may not exist. */
    record Declared(int modifiers, String name, String descriptor) {}

    static List<Declared> of(byte[] classFile) {
        try {
            return read(new DataInputStream(new ByteArrayInputStream(classFile)));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the fields of a class file of " + classFile.length + " bytes", e);
        }
    }

    private static List<Declared> read(DataInputStream in) throws IOException {
        in.skipNBytes(8);
        String[] texts = readTexts(in);
        in.skipNBytes(6);
        in.skipNBytes(2L * in.readUnsignedShort());
        List<Declared> fields = new ArrayList<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int modifiers = in.readUnsignedShort();
            fields.add(new Declared(modifiers, texts[in.readUnsignedShort()], texts[in.readUnsignedShort()]));
            skipAttributes(in);
        }
        return fields;
    }

    private static String[] readTexts(DataInputStream in) throws IOException {
        String[] texts = new String[in.readUnsignedShort()];
        for (int index = 1; index < texts.length; index++) {
            int tag = in.readUnsignedByte();
            if (tag == UTF8) {
                texts[index] = in.readUTF();
            } else {
                in.skipNBytes(bytesOf(tag));
                // Longs and doubles take two places.
                index += tag == LONG || tag == DOUBLE ? 1 : 0;
            }
        }
        return texts;
    }

    private static int bytesOf(int tag) {
        return switch (tag) {
            case LONG, DOUBLE -> 8;
            case METHOD_HANDLE -> 3;
            case 7, 8, 16, 19, 20 -> 2;
            default -> 4;
        };
    }

    private static void skipAttributes(DataInputStream in) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.skipNBytes(2);
            in.skipNBytes(Integer.toUnsignedLong(in.readInt()));
        }
    }
}
