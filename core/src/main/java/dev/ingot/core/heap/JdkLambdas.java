package dev.ingot.core.heap;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lambdas of the JDK in an image of another version of it, such as what {@code Function.andThen} returns. The class of a lambda calls a
 * method that the compiler made of its body, {@code lambda$andThen$1}, and numbers otherwise in each version.
 */
final class JdkLambdas {
    private static final String BODY = "lambda$";

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;

    /** Where a class file holds the number of its constants, from which on they lie. */
    private static final int CONSTANTS = 8;

    private final Class<?> host;
    private final ByteBuffer classFile;
    private final int[] positions;
    private final int end;
    /** Names that are appended to the constants. */
    private final List<String> names = new ArrayList<>();

    private JdkLambdas(Class<?> host, byte[] classFile) {
        this.host = host;
        this.classFile = ByteBuffer.wrap(classFile.clone());
        this.positions = new int[this.classFile.getChar(CONSTANTS)];
        int position = CONSTANTS + Character.BYTES;
        for (int index = 1; index < positions.length; index++) {
            positions[index] = position;
            int tag = this.classFile.get(position);
            position += 1 + length(tag, position);
            if (tag == LONG || tag == DOUBLE) {
                index++;
            }
        }
        this.end = position;
    }

    /**
     * A hidden class of {@code host} that calls the bodies of lambdas by the names they have in this JVM.
     *
     * @throws NoSuchMethodError if it is not certain which method that is
     */
    static byte[] linkedTo(Class<?> host, byte[] classFile) {
        return new JdkLambdas(host, classFile).linked();
    }

    private byte[] linked() {
        for (int position : positions) {
            int tag = position == 0 ? 0 : classFile.get(position);
            if ((tag == METHOD || tag == INTERFACE_METHOD)
                    && text(index(positions[index(position, 0)], 0))
                            .equals(host.getName().replace('.', '/'))) {
                link(positions[index(position, 1)]);
            }
        }
        if (names.isEmpty()) {
            return classFile.array();
        }
        classFile.putChar(CONSTANTS, (char) (positions.length + names.size()));
        ByteArrayOutputStream longer = new ByteArrayOutputStream(classFile.capacity() + 64);
        longer.write(classFile.array(), 0, end);
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            longer.write(UTF8);
            longer.write(bytes.length >> Byte.SIZE);
            longer.write(bytes.length);
            longer.writeBytes(bytes);
        }
        longer.write(classFile.array(), end, classFile.capacity() - end);
        return longer.toByteArray();
    }

    private void link(int nameAndType) {
        String name = text(index(nameAndType, 0));
        if (!name.startsWith(BODY)) {
            return;
        }
        String here = nameHere(name, text(index(nameAndType, 1)));
        if (!here.equals(name)) {
            classFile.putChar(nameAndType + 1, (char) (positions.length + names.size()));
            names.add(here);
        }
    }

    private String nameHere(String name, String descriptor) {
        String found = null;
        for (Method method : host.getDeclaredMethods()) {
            if (isAnother(method.getName(), name)
                    && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                            .descriptorString()
                            .equals(descriptor)) {
                if (found != null && !areAllTheSame(name)) {
                    throw unknown(name);
                }
                found = method.getName();
            }
        }
        if (found == null) {
            throw unknown(name);
        }
        return found;
    }

    /** Whether those of all overloads have the same code; the sources of JDK 17 to 25 were compared. */
    private boolean areAllTheSame(String name) {
        return host.getName().equals("java.util.stream.Collectors")
                && withoutNumber(name).equals("lambda$reducing$");
    }

    private NoSuchMethodError unknown(String name) {
        return new NoSuchMethodError("a lambda of " + host.getName() + " calls " + name + ", of which JDK "
                + Runtime.version() + " has none or several; resume on the JDK version the image was taken on");
    }

    /** Whether two methods are called the same but for their numbers. */
    private static boolean isAnother(String name, String other) {
        return withoutNumber(name).equals(withoutNumber(other));
    }

    private static String withoutNumber(String name) {
        return name.substring(0, name.lastIndexOf('$') + 1);
    }

    /** The {@code n}th of the indexes that a constant is made of. */
    private int index(int position, int n) {
        return classFile.getChar(position + 1 + n * Character.BYTES);
    }

    private String text(int constant) {
        int position = positions[constant] + 1;
        return new String(
                classFile.array(), position + Character.BYTES, classFile.getChar(position), StandardCharsets.UTF_8);
    }

    private int length(int tag, int position) {
        return switch (tag) {
            case UTF8 -> Character.BYTES + classFile.getChar(position + 1);
            case 3, 4, 9, METHOD, INTERFACE_METHOD, 12, 17, 18 -> Integer.BYTES;
            case LONG, DOUBLE -> Long.BYTES;
            case 7, 8, 16, 19, 20 -> Character.BYTES;
            case 15 -> 1 + Character.BYTES;
            default -> throw new ClassFormatError("constant of kind " + tag);
        };
    }
}
