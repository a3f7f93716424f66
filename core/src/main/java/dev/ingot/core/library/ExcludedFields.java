package dev.ingot.core.library;

import dev.ingot.core.jvm.DeclaredFields;
import dev.ingot.core.jvm.Memory;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.internal.access.SharedSecrets;
import jdk.internal.reflect.ConstantPool;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a program leaves out of images by the annotation {@code ExcludedFromImage}.
 *
 * <p>Reads the annotations as the class file has them. Asking reflection would load the classes of all annotations on a field
 * through the program's class loaders, whose code must not run while the program stands. Confined to one thread.
 */
public final class ExcludedFields {
    private static final String ANNOTATION = "Ldev/ingot/api/ExcludedFromImage;";
    private static final long ANNOTATIONS = DeclaredFields.offset(Field.class, "annotations");

    private @Nullable Class<?> last;
    private Set<String> excludedOfLast = Set.of();

    /** Whether the field that {@code declaring} itself declares is left out. Never initialises the class. */
    public boolean contains(Class<?> declaring, String field) {
        if (declaring.getClassLoader() == null) {
            return false;
        }
        if (declaring != last) {
            excludedOfLast = excludedOf(declaring);
            last = declaring;
        }
        return excludedOfLast.contains(field);
    }

    private static Set<String> excludedOf(Class<?> declaring) {
        Set<String> excluded = new HashSet<>();
        addExcluded(declaring, DeclaredFields.ofInstances(declaring), excluded);
        addExcluded(declaring, DeclaredFields.ofClass(declaring), excluded);
        return excluded;
    }

    private static void addExcluded(Class<?> declaring, List<Field> fields, Set<String> excluded) {
        for (Field field : fields) {
            byte[] annotations = (byte[]) Memory.UNSAFE.getReference(field, ANNOTATIONS);
            if (annotations != null && names(annotations, declaring)) {
                excluded.add(field.getName());
            }
        }
    }

    private static boolean names(byte[] annotations, Class<?> declaring) {
        ConstantPool constants = SharedSecrets.getJavaLangAccess().getConstantPool(declaring);
        ByteBuffer bytes = ByteBuffer.wrap(annotations);
        for (int left = bytes.getChar(); left > 0; left--) {
            if (constants.getUTF8At(bytes.getChar()).equals(ANNOTATION)) {
                return true;
            }
            skipElements(bytes);
        }
        return false;
    }

    private static void skipElements(ByteBuffer bytes) {
        for (int left = bytes.getChar(); left > 0; left--) {
            bytes.getChar();
            skipValue(bytes);
        }
    }

    /** Moves past an {@code element_value} of the class file format. */
    private static void skipValue(ByteBuffer bytes) {
        switch (bytes.get()) {
            case 'e' -> bytes.getInt();
            case '@' -> {
                bytes.getChar();
                skipElements(bytes);
            }
            case '[' -> {
                for (int left = bytes.getChar(); left > 0; left--) {
                    skipValue(bytes);
                }
            }
            default -> bytes.getChar();
        }
    }
}
