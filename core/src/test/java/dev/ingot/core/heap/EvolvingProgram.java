package dev.ingot.core.heap;

import dev.ingot.core.jvm.DeclaredFields;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes an object of class {@code Evolving} or reads it with another version of the class, and prints what came of it. */
final class EvolvingProgram {
    private EvolvingProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        if (arguments[0].equals("write")) {
            write(file);
        } else {
            read(file);
        }
    }

    private static void write(Path file) throws Exception {
        Class<?> type = Class.forName("Evolving");
        Object object = type.getConstructor().newInstance();
        try (OutputStream out = Files.newOutputStream(file)) {
            HeapWriter.write(
                    new HeapRoots(new Object[] {object}, List.of(type)),
                    new ClassPathClasses(),
                    ExternalObjects.ofThisJvm(),
                    ObjectCodecs.NONE,
                    PathNames.PLAIN,
                    out);
        }
    }

    private static void read(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            RestoredHeap heap = HeapReader.open(in, Files.size(file))
                    .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN);
            heap.warnings().forEach(System.out::println);
            Object object = ((Object[]) heap.root())[0];
            Class<?> type = object.getClass();
            DeclaredFields.ofInstances(type).forEach(field -> print(field, object));
            DeclaredFields.ofClass(type).forEach(field -> print(field, object));
        } catch (NotRestorableException refused) {
            System.out.println(refused.getMessage());
        }
    }

    private static void print(Field field, Object object) {
        try {
            field.setAccessible(true);
            System.out.println(field.getName() + '=' + field.get(object));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
