package dev.ingot.core.jdk;

import dev.ingot.core.heap.AnyClass;
import dev.ingot.core.heap.ExternalObjects;
import dev.ingot.core.heap.HeapReader;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.heap.PathNames;
import dev.ingot.core.heap.ProgramClasses;
import dev.ingot.core.heap.RecordedClass;
import dev.ingot.core.jdk.io.FilePolicy;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries {@link Luggage} through a file: {@code pack NAME FILE} in one JVM, {@code unpack NAME FILE} in the next. It is its
 * own agent, since only an agent is told which classes are loaded.
 */
public final class Courier {
    private static Instrumentation instrumentation;

    private Courier() {}

    public static void premain(String options, Instrumentation given) {
        instrumentation = given;
    }

    public static void main(String[] arguments) throws Throwable {
        ExternalObjects externals = ExternalObjects.ofThisJvm();
        Luggage luggage = Luggage.valueOf(arguments[1]);
        Path file = Path.of(arguments[2]);
        if (arguments[0].equals("pack")) {
            write(luggage.pack(), externals, file);
        } else {
            luggage.check(read(externals, file));
        }
        System.out.print("done");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void write(Object packed, ExternalObjects externals, Path file) throws Exception {
        Object state = JdkState.captureState();
        externals.refresh(instrumentation.getAllLoadedClasses());
        try (OutputStream out = Files.newOutputStream(file)) {
            HeapWriter.write(
                    new HeapRoots(new Object[] {packed, state}, List.of()),
                    new OnClassPath(),
                    externals,
                    codecs(List.of()),
                    PathNames.PLAIN,
                    out);
        }
    }

    private static Object read(ExternalObjects externals, Path file) throws Exception {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Object[] roots = (Object[]) HeapReader.open(in, Files.size(file))
                    .read(externals, codecs(JdkCodecs.ofImage()), new AnyClass(), PathNames.PLAIN)
                    .root();
            JdkState.restoreState(roots[1]);
            JdkState.startThreads();
            return roots[0];
        }
    }

    private static ObjectCodecs codecs(List<ObjectCodec<?>> further) {
        List<ObjectCodec<?>> codecs =
                new ArrayList<>(JdkCodecs.codecs(FilePolicy.strict(), List.of(instrumentation.getAllLoadedClasses())));
        codecs.addAll(further);
        return new ObjectCodecs(JdkCodecs.resolvers(), codecs);
    }

    private static final class OnClassPath implements ProgramClasses {
        @Override
        public RecordedClass recorded(Class<?> type) {
            return null;
        }

        @Override
        public List<Class<?>> knownTo(ClassLoader loader) {
            return List.of();
        }
    }
}
