package dev.ingot.core.jvm;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.internal.access.SharedSecrets;
import jdk.internal.reflect.ConstantPool;

/**
 * The annotations of fields as the class file has them. Asking reflection would load the classes of all annotations on a field
 * through the program's class loaders, whose code must not run while the program stands.
 */
public final class FieldAnnotations {
    private static final long ANNOTATIONS = DeclaredFields.offset(Field.class, "annotations");

    private FieldAnnotations() {}

    /**
     * The texts among the values of one annotation of a field, or nothing if the field does not have it. Never initialises a class.
     *
     * @param annotation descriptor of its type
     */
    public static Optional<List<String>> texts(Field field, String annotation) {
        byte[] annotations = (byte[]) Memory.UNSAFE.getReference(field, ANNOTATIONS);
        if (annotations == null) {
            return Optional.empty();
        }
        ConstantPool constants = SharedSecrets.getJavaLangAccess().getConstantPool(field.getDeclaringClass());
        ByteBuffer bytes = ByteBuffer.wrap(annotations);
        for (int left = bytes.getChar(); left > 0; left--) {
            boolean wanted = constants.getUTF8At(bytes.getChar()).equals(annotation);
            List<String> texts = new ArrayList<>();
            readElements(bytes, constants, texts);
            if (wanted) {
                return Optional.of(texts);
            }
        }
        return Optional.empty();
    }

    private static void readElements(ByteBuffer bytes, ConstantPool constants, List<String> texts) {
        for (int left = bytes.getChar(); left > 0; left--) {
            bytes.getChar();
            readValue(bytes, constants, texts);
        }
    }

    /** Moves past an {@code element_value} of the class file format. */
    private static void readValue(ByteBuffer bytes, ConstantPool constants, List<String> texts) {
        switch (bytes.get()) {
            case 's' -> texts.add(constants.getUTF8At(bytes.getChar()));
            case 'e' -> bytes.getInt();
            case '@' -> {
                bytes.getChar();
                readElements(bytes, constants, texts);
            }
            case '[' -> {
                for (int left = bytes.getChar(); left > 0; left--) {
                    readValue(bytes, constants, texts);
                }
            }
            default -> bytes.getChar();
        }
    }
}
