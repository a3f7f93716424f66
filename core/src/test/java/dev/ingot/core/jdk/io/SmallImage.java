package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.AnyClass;
import dev.ingot.core.heap.ExternalObjects;
import dev.ingot.core.heap.HeapReader;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.heap.PathNames;
import dev.ingot.core.heap.ProgramClasses;
import dev.ingot.core.heap.RecordedClass;
import dev.ingot.core.jdk.JdkCodecs;
import dev.ingot.core.jdk.access.JdkClass;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.StandardWatchEventKinds;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The graph of one object as an image holds it, and back in this or another JVM. */
final class SmallImage {
    /** JDK classes whose constants the objects under test refer to; an agent would name all that are loaded. */
    private static final Class<?>[] WITH_CONSTANTS = {
        Boolean.class,
        Object.class,
        FileDescriptor.class,
        Collections.class,
        IdentityHashMap.class,
        StandardProtocolFamily.class,
        StandardWatchEventKinds.class,
        JdkClass.of("sun.nio.fs.AbstractWatchKey$State")
    };

    private final ExternalObjects externals = ExternalObjects.ofThisJvm();
    private final FilePolicy policy;

    SmallImage() {
        this(FilePolicy.strict());
    }

    SmallImage(FilePolicy policy) {
        this.policy = policy;
    }

    /** Others for each image, as the program has changed since the last. */
    private ObjectCodecs codecs() {
        return new ObjectCodecs(JdkCodecs.resolvers(), JdkCodecs.codecs(policy));
    }

    /** Through an image and back. */
    <T> T copy(T root) throws IOException, NotCapturableException, NotRestorableException {
        return read(write(root));
    }

    byte[] write(Object root) throws IOException, NotCapturableException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        externals.refresh(WITH_CONSTANTS);
        HeapWriter.write(new HeapRoots(root, List.of()), new OnClassPath(), externals, codecs(), PathNames.PLAIN, out);
        return out.toByteArray();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    <T> T read(byte[] image) throws IOException, NotRestorableException {
        return (T) HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(externals, codecs(), new AnyClass(), PathNames.PLAIN)
                .root();
    }

    /** Every class is found by name. */
    private static final class OnClassPath implements ProgramClasses {
        @Override
        public @Nullable RecordedClass recorded(Class<?> type) {
            return null;
        }

        @Override
        public List<Class<?>> knownTo(ClassLoader loader) {
            return List.of();
        }
    }
}
