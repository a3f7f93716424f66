package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Zip and jar files, opened again from the same file. Files the JVM shares between several {@code ZipFile}s over one path are
 * shared again, since that is the JDK's own doing.
 */
final class ZipFileCodec implements ObjectCodec<ZipFile> {
    private static final Set<String> RENEWED = Set.of("res", "zipCoder");

    private final OpenFiles files;

    ZipFileCodec(OpenFiles files) {
        this.files = files;
    }

    /** What is open of a zip file; null if it was closed. */
    static @Nullable Object resource(ZipFile zip) {
        Object resource = Fields.RESOURCE_SLOT.get(zip);
        return resource == null || Fields.SOURCE_SLOT.get(resource) == null ? null : resource;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return ZipFile.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ZipFile.class;
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(ZipFile zip) throws NotCapturableException {
        Object[] fields = FieldState.capture(zip, ZipFile.class, RENEWED);
        Object resource = resource(zip);
        if (resource == null) {
            return new @Nullable Object[] {fields, null, null, null};
        }
        try {
            Object streams = Fields.STREAMS.get(resource);
            Object[] open = streams instanceof Collection<?> held ? held.toArray() : new Object[0];
            return new Object[] {
                fields, describe(resource).toState(), charset(zip, resource).name(), open
            };
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe zip file " + zip.getName() + ": " + e.getMessage(), e);
        }
    }

    private OpenFile describe(Object resource) throws IOException, NotCapturableException {
        Object source = Fields.SOURCE_SLOT.get(resource);
        if (source == null || !(Fields.ARCHIVE.get(source) instanceof RandomAccessFile archive)) {
            throw new IOException("it is being closed");
        }
        FileDescriptor descriptor = archive.getFD();
        return files.describeArchive(Descriptor.of(RawDescriptor.number(descriptor)));
    }

    /** Kept by the zip file or, in earlier JDKs, by what zip files share. */
    private static Charset charset(ZipFile zip, Object resource) {
        Slot own = Slot.find(ZipFile.class, "zipCoder");
        Slot shared = Slot.find(Fields.SOURCE, "zc");
        Object source = Fields.SOURCE_SLOT.get(resource);
        Object coder = own != null ? own.get(zip) : shared != null && source != null ? shared.get(source) : null;
        return coder != null && Fields.CHARSET.get(coder) instanceof Charset charset ? charset : StandardCharsets.UTF_8;
    }

    @Override
    public void restore(ZipFile zip, Object[] state) throws NotRestorableException {
        FieldState.restore(zip, state[0]);
        completeForThisJdk(zip);
        if (state[1] == null) {
            Fields.RESOURCE_SLOT.put(zip, JdkClass.allocate(Fields.RESOURCE));
            return;
        }
        OpenFile file = OpenFile.fromState(state[1]);
        try {
            Object coder = ZipCoderResolver.coder((String) state[2]);
            Slot own = Slot.find(ZipFile.class, "zipCoder");
            if (own != null) {
                own.put(zip, coder);
            }
            Object resource = open(zip, file, coder);
            Fields.RESOURCE_SLOT.put(zip, resource);
            register(resource, (Object[]) state[3]);
        } catch (IOException e) {
            throw new NotRestorableException("cannot open zip file " + file.path() + " again: " + e.getMessage(), e);
        }
    }

    /** The name of the file is kept in one field by some JDKs and in two by others. */
    private static void completeForThisJdk(ZipFile zip) {
        Slot path = Slot.find(ZipFile.class, "filePath");
        Slot name = Slot.find(ZipFile.class, "fileName");
        if (path != null && name != null && name.get(zip) == null && path.get(zip) instanceof String text) {
            name.put(zip, new File(text).getName());
        }
    }

    private Object open(ZipFile zip, OpenFile file, Object coder) throws IOException, NotRestorableException {
        JdkCall constructor = JdkCall.constructor(Fields.RESOURCE, ZipFile.class, Fields.CODER, File.class, int.class);
        if (!file.unlinked()) {
            files.rollBack(file);
            return constructor.result(null, zip, coder, new File(file.path()), ZipFile.OPEN_READ);
        }
        Path stand = Files.createTempFile("ingot-unlinked-", ".zip");
        OpenFiles.contentOf(file).writeTo(stand);
        return constructor.result(null, zip, coder, stand.toFile(), ZipFile.OPEN_READ | ZipFile.OPEN_DELETE);
    }

    @SuppressWarnings("unchecked")
    private static void register(Object resource, Object[] streams) {
        if (Fields.STREAMS.get(resource) instanceof Collection<?> registered) {
            for (Object stream : streams) {
                ((Collection<InputStream>) registered).add((InputStream) stream);
            }
        }
    }

    /** Resolved at the first zip file met, not when codecs are listed. */
    private static final class Fields {
        static final Class<?> RESOURCE = JdkClass.of("java.util.zip.ZipFile$CleanableResource");
        static final Class<?> SOURCE = JdkClass.of("java.util.zip.ZipFile$Source");
        static final Class<?> CODER = JdkClass.of("java.util.zip.ZipCoder");
        static final Slot RESOURCE_SLOT = Slot.of(ZipFile.class, "res");
        static final Slot SOURCE_SLOT = Slot.of(RESOURCE, "zsrc");
        static final Slot STREAMS = Slot.of(RESOURCE, "istreams");
        static final Slot ARCHIVE = Slot.of(SOURCE, "zfile");
        static final Slot CHARSET = Slot.of(CODER, "cs");

        private Fields() {}
    }
}
