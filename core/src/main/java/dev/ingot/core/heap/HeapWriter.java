package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.REFERENCE_BASE;
import static dev.ingot.core.jvm.Memory.REFERENCE_SCALE;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.IdentityHashes;
import dev.ingot.core.jvm.StringAccess;
import dev.ingot.core.jvm.ThrowableAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the objects of a program and writes them to a stream. The program must stand still meanwhile.
 *
 * <p>Overview. The walk is breadth first; the list of found objects is also its queue, and a position in it an object's id. Two
 * lanes are written alternately in chunks. When an object is found its <em>shape</em> (class, array length) goes to the shape
 * lane; when its turn comes its <em>data</em> (primitive values, ids) goes to the data lane. Shapes are flushed before any
 * data that may refer to them, so a reader can allocate and fill in one pass. Nothing recurses over the graph and nothing is
 * allocated per object.
 *
 * <p>Not thread-safe, and only one walk may run in a JVM at a time: ids are kept in object headers.
 */
public final class HeapWriter {
    private static final ClassValue<String[]> LITERALS = new ClassValue<>() {
        @Override
        protected String[] computeValue(Class<?> type) {
            return ClassAccess.literals(type).toArray(String[]::new);
        }
    };

    private static final int NO_DATA = -1;
    private static final Object ONE_WALK = new Object();

    private final ProgramClasses program;
    private final ExternalObjects externals;
    private final PathNames names;
    private final ObjectIds ids;
    private final IntList planNumbers = new IntList();
    private final OutputStream out;
    private final Lane shapes = new Lane(HeapStream.SHAPES, 2 * HeapStream.SHAPES_CHUNK);
    private final Lane data = new Lane(HeapStream.DATA, 2 * HeapStream.DATA_CHUNK);
    private final ClassTable classes;
    private final PlanTable plans;
    private int scanned;
    private int root;
    private int nextHash;

    private HeapWriter(
            ProgramClasses program,
            ExternalObjects externals,
            ObjectCodecs codecs,
            PathNames names,
            OutputStream out,
            boolean headers) {
        this.program = program;
        this.externals = externals;
        this.names = names;
        this.out = out;
        this.ids = new ObjectIds(headers);
        this.classes = new ClassTable(this, program, shapes);
        this.plans = new PlanTable(program, codecs, classes, shapes);
    }

    /**
     * Writes everything reachable from {@code roots}. Does not close {@code out}.
     *
     * @throws NotCapturableException if something reachable cannot be part of an image; the message ends with how it is reached
     * @throws IOException if {@code out} fails
     */
    public static HeapStatistics write(
            HeapRoots roots,
            ProgramClasses program,
            ExternalObjects externals,
            ObjectCodecs codecs,
            PathNames names,
            OutputStream out)
            throws NotCapturableException, IOException {
        synchronized (ONE_WALK) {
            return new HeapWriter(program, externals, codecs, names, out, true).run(roots);
        }
    }

    /** The same without touching object headers. */
    static HeapStatistics writeByTable(
            HeapRoots roots, ProgramClasses program, ExternalObjects externals, ObjectCodecs codecs, OutputStream out)
            throws NotCapturableException, IOException {
        return new HeapWriter(program, externals, codecs, PathNames.PLAIN, out, false).run(roots);
    }

    private HeapStatistics run(HeapRoots roots) throws NotCapturableException, IOException {
        try {
            writeHeader(roots);
            reserve(roots);
            walk(roots);
            writeEnd();
            return plans.statistics();
        } catch (StoppedWalkException stopped) {
            throw explained(stopped);
        } finally {
            ids.close();
        }
    }

    private void writeHeader(HeapRoots roots) throws IOException {
        Lane header = new Lane(HeapStream.HEADER, 1 << 12);
        header.fixed(HeapStream.MAGIC);
        header.number(HeapStream.VERSION);
        header.number(Runtime.version().feature());
        List<Class<?>> named =
                roots.classesWithStatics().stream().filter(HeapWriter::isRoot).toList();
        header.number(named.size());
        for (Class<?> type : named) {
            header.text(classes.loaderKey(type.getClassLoader()));
            header.text(type.getName());
        }
        header.flush(out);
    }

    private void reserve(HeapRoots roots) {
        for (int index = 0; index < externals.count(); index++) {
            ids.reserve(externals.get(index));
        }
        externals.literals().forEach(ids::reserve);
        for (Class<?> type : roots.classesWithStatics()) {
            for (String literal : LITERALS.get(type)) {
                ids.reserve(literal);
            }
        }
    }

    private void walk(HeapRoots roots) throws StoppedWalkException, IOException {
        root = reference(roots.root());
        for (Class<?> type : roots.classesWithStatics()) {
            if (isRoot(type)) {
                reference(new StaticsOf(type));
            }
        }
        while (scanned < ids.count()) {
            scanned++;
            writeData(ids.get(scanned), planNumbers.get(scanned));
            if (data.size() >= HeapStream.DATA_CHUNK) {
                flush();
            }
        }
    }

    /** Proxies are made anew, and a hidden class counts only once the walk meets it: nothing can name it. */
    private static boolean isRoot(Class<?> type) {
        return !type.isHidden() && !Proxy.isProxyClass(type);
    }

    private void writeEnd() throws IOException {
        flush();
        Lane end = new Lane(HeapStream.END, 16);
        end.number(ids.count());
        end.number(root);
        ids.close();
        end.number(IdentityHashes.handedOut());
        end.flush(out);
        out.flush();
    }

    private void flush() throws IOException {
        shapes.flush(out);
        data.flush(out);
    }

    /** The id of {@code object}, whose shape is written when it is met first; 0 for null. */
    int reference(@Nullable Object object) throws StoppedWalkException, IOException {
        if (object == null) {
            return 0;
        }
        int id = ids.find(object);
        return id > 0 ? id : discover(object, id);
    }

    /** Whether {@code object} is available while objects are allocated. */
    boolean isLeaf(Object object) throws StoppedWalkException, IOException {
        int id = ids.find(object);
        if (id > 0) {
            return planNumbers.get(id) == NO_DATA;
        }
        return id < 0 || object instanceof Module || plans.of(object).kind == PlanKind.RESOLVED;
    }

    private int discover(Object object, int reservation) throws StoppedWalkException, IOException {
        int id = reservation < 0 ? addReserved(object, -reservation - 1) : addNew(object);
        if (shapes.size() >= HeapStream.SHAPES_CHUNK) {
            shapes.flush(out);
        }
        return id;
    }

    private int addReserved(Object object, int reservation) throws StoppedWalkException, IOException {
        return reservation < externals.count()
                ? addExternal(object, externals.name(reservation))
                : addLiteral((String) object);
    }

    private int addExternal(Object object, String name) throws StoppedWalkException, IOException {
        boolean empty = object.getClass().isArray() && Array.getLength(object) == 0;
        int substitute = empty ? classes.numberOf(object.getClass()) + 1 : 0;
        int id = addWithoutData(object);
        shapes.number(HeapStream.EXTERNAL);
        writeHash();
        shapes.text(name);
        shapes.number(substitute);
        return id;
    }

    private int addLiteral(String literal) {
        int id = addWithoutData(literal);
        shapes.number(HeapStream.LITERAL);
        writeHash();
        shapes.text(literal);
        return id;
    }

    private int addNew(Object object) throws StoppedWalkException, IOException {
        if (object instanceof Class<?> type) {
            return addMirror(type);
        }
        if (object instanceof Module module && !module.isNamed() && module.getClassLoader() != null) {
            return addModule(module);
        }
        ClassPlan plan = plans.of(object);
        return switch (plan.kind) {
            case RESOLVED -> addResolved(object, plan);
            case STATICS, ATTACHMENTS, OBJECT, STRING -> addShape(object, plan);
            case PRIMITIVE_ARRAY, REFERENCE_ARRAY -> addArray(object, plan);
            case LOADER, PARALLEL_LOADER -> addLoader((ClassLoader) object, plan);
        };
    }

    private int addMirror(Class<?> type) throws StoppedWalkException, IOException {
        int number = classes.numberOf(type);
        int known = ids.find(type);
        if (known > 0) {
            return known;
        }
        int id = addWithoutData(type);
        shapes.number(HeapStream.MIRROR);
        shapes.number(number);
        return id;
    }

    private int addModule(Module unnamed) throws StoppedWalkException, IOException {
        int loader = reference(unnamed.getClassLoader());
        int id = addWithoutData(unnamed);
        shapes.number(HeapStream.MODULE);
        writeHash();
        shapes.number(loader);
        return id;
    }

    private int addResolved(Object object, ClassPlan plan) throws StoppedWalkException, IOException {
        Description description = new Description(this, classes);
        description.write(plan, object);
        int id = addShape(object, plan, NO_DATA);
        shapes.blob(description.bytes());
        return id;
    }

    private int addShape(Object object, ClassPlan plan) {
        return addShape(object, plan, plan.number);
    }

    private int addShape(Object object, ClassPlan plan, int planOfData) {
        int id = ids.add(object);
        planNumbers.add(planOfData);
        int hash = ids.hashOfAdded();
        shapes.number(HeapStream.FIRST_PLAN + plan.number * 2 + (hash == 0 ? 0 : 1));
        if (hash != 0) {
            // Hashes given by an earlier image follow each other much as the objects do.
            shapes.number(hash ^ nextHash);
            nextHash = (hash + 1) & Integer.MAX_VALUE;
        }
        plan.objects++;
        return id;
    }

    private int addArray(Object array, ClassPlan plan) {
        int id = addShape(array, plan);
        shapes.number(Array.getLength(array));
        return id;
    }

    private int addLoader(ClassLoader loader, ClassPlan plan) {
        int id = addShape(loader, plan);
        shapes.number(HeapStream.LOADER);
        shapes.number(id);
        shapes.text(classes.loaderKey(loader));
        return id;
    }

    private int addWithoutData(Object object) {
        planNumbers.add(NO_DATA);
        return ids.add(object);
    }

    private void writeHash() {
        shapes.fixed(ids.hashOfAdded());
    }

    private void writeData(Object object, int planNumber) throws StoppedWalkException, IOException {
        if (planNumber == NO_DATA) {
            return;
        }
        ClassPlan plan = plans.at(planNumber);
        long before = data.total();
        switch (plan.kind) {
            case OBJECT -> writeObject(object, plan);
            case LOADER, PARALLEL_LOADER -> writeLoader((ClassLoader) object, plan);
            case STRING -> writeString((String) object);
            case PRIMITIVE_ARRAY ->
                writeElements(object, (long) Array.getLength(object) << plan.elementShift, plan.elementShift);
            case REFERENCE_ARRAY -> writeReferences((Object[]) object);
            case STATICS -> writeFields(((StaticsOf) object).type, plan);
            case ATTACHMENTS -> writeAttachments(((AttachmentsOf) object).type);
            case RESOLVED -> throw new IllegalStateException("a resolved object has no data");
        }
        plan.bytes += data.total() - before;
    }

    private void writeObject(Object object, ClassPlan plan) throws StoppedWalkException, IOException {
        if (plan.isThrowable) {
            ThrowableAccess.materializeStackTrace((Throwable) object);
        }
        writeFields(object, plan);
    }

    private static Object[] stateOf(Object object, ObjectCodec<Object> codec) throws StoppedWalkException {
        try {
            return codec.capture(object);
        } catch (NotCapturableException e) {
            throw new StoppedWalkException(object, e);
        }
    }

    private void writeFields(Object object, ClassPlan plan) throws StoppedWalkException, IOException {
        data.fields(object, plan.primitives);
        for (long offset : plan.references) {
            data.fixed(reference(UNSAFE.getReferenceVolatile(object, offset)));
        }
        if (plan.codec != null) {
            data.fixed(reference(stateOf(object, plan.codec)));
        }
    }

    private void writeLoader(ClassLoader loader, ClassPlan plan) throws StoppedWalkException, IOException {
        writeFields(loader, plan);
        for (Class<?> defined : program.definedBy(loader)) {
            classes.numberOf(defined);
        }
    }

    private void writeString(String string) throws IOException {
        byte[] content = StringAccess.bytes(string);
        int coder = StringAccess.coder(string);
        data.fixed(content.length);
        data.octet(coder);
        writeElements(content, content.length, coder);
    }

    private void writeElements(Object array, long bytes, int elementShift) throws IOException {
        for (long from = 0; from < bytes; from += HeapStream.DATA_CHUNK) {
            data.elements(array, from, (int) Math.min(bytes - from, HeapStream.DATA_CHUNK), elementShift);
            if (data.size() >= HeapStream.DATA_CHUNK) {
                flush();
            }
        }
    }

    private void writeReferences(Object[] array) throws StoppedWalkException, IOException {
        for (int index = 0; index < array.length; index++) {
            Object element = UNSAFE.getReferenceVolatile(array, REFERENCE_BASE + index * REFERENCE_SCALE);
            data.fixed(reference(element));
            if (data.size() >= HeapStream.DATA_CHUNK) {
                flush();
            }
        }
    }

    private void writeAttachments(Class<?> type) throws StoppedWalkException, IOException {
        // A hidden class is given the domain of its host.
        data.fixed(reference(type.isHidden() ? null : ClassAccess.protectionDomain(type)));
        data.fixed(reference(type.isHidden() ? ClassAccess.classData(type) : null));
    }

    private NotCapturableException explained(StoppedWalkException stopped) {
        String path = new PathFinder(ids, planNumbers, names).pathTo(stopped.object(), scanned);
        String message = stopped.problem().getMessage() + "; reached by " + path;
        return new NotCapturableException(message, stopped.problem());
    }
}
