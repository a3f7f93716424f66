package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.REFERENCE_BASE;
import static dev.ingot.core.jvm.Memory.REFERENCE_SCALE;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.handover.ElementOutput;
import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.IdentityHashes;
import dev.ingot.core.jvm.Memory;
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
 * <p>Overview. Two lanes are written alternately in chunks. When an object is found it gets an id, and its <em>shape</em> (class,
 * array length) goes to the shape lane; when its turn comes by the {@link WalkOrder} its <em>data</em> (primitive values, ids) goes to
 * the data lane. Shapes are flushed before any data that may refer to them, so a reader can allocate and fill in one pass. Nothing
 * recurses over the graph and nothing is allocated per object.
 *
 * <p>With a {@link HeapHistory}, an object that an earlier image has keeps its id, its shape is not written again, and its data only
 * if they are not what they were.
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

    private static final Object ONE_WALK = new Object();
    private static final long[] NO_PRINTS = {};

    /** About what an image has of each object besides its data. */
    static final long RECORD_BYTES = 4;

    private final ProgramClasses program;
    private final ExternalObjects externals;
    private final PathNames names;
    private final HeapHistory history;
    private final ObjectIds ids;
    private final OutputStream out;
    /** The same, where it takes elements from where they lie; null if it does not, or if they lie in another order. */
    private final @Nullable ElementOutput straight;

    private final Lane shapes = new Lane(HeapStream.SHAPES, 2 * HeapStream.SHAPES_CHUNK);
    private final Lane data = new Lane(HeapStream.DATA, 2 * HeapStream.DATA_CHUNK);
    private final Lane resolutions = new Lane(HeapStream.RESOLUTIONS, 1 << 10);
    private final Lane part = new Lane(HeapStream.PART, 1 << 10);
    private final ClassTable classes;
    private final PlanTable plans;
    private final WalkOrder order = new WalkOrder();
    /** The object whose data is being written. */
    private int current;
    /** The object whose data were written last in the present chunk. */
    private int previous;

    private int root;
    private int nextHash;

    private HeapWriter(
            ProgramClasses program,
            ExternalObjects externals,
            ObjectCodecs codecs,
            PathNames names,
            HeapHistory history,
            OutputStream out) {
        this.program = program;
        this.externals = externals;
        this.names = names;
        this.history = history;
        this.out = out;
        this.straight = Memory.LITTLE_ENDIAN && out instanceof ElementOutput elements ? elements : null;
        this.ids = history.ids;
        this.classes = new ClassTable(this, program, history, shapes);
        this.plans = new PlanTable(program, codecs, classes, history, shapes);
    }

    /**
     * Writes everything reachable from {@code roots} into one stream, whose head comes before it is known which classes there are: those
     * that another JVM hashed before it reads have another identity hash code then. Does not close {@code out}.
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
        try (HeapHistory nothing = HeapHistory.ofOneImage()) {
            return write(roots, program, externals, codecs, names, nothing, out, out);
        }
    }

    /**
     * The same, but only what changed since the walks that {@code history} remembers, if it {@linkplain HeapHistory#continues
     * continues}: the heap is then what those have written, one after the other, and {@code out} behind them. If this
     * method throws, history is forgotten.
     *
     * @param head gets what a reader must know before anything else, when all is in {@code out}
     */
    public static HeapStatistics write(
            HeapRoots roots,
            ProgramClasses program,
            ExternalObjects externals,
            ObjectCodecs codecs,
            PathNames names,
            HeapHistory history,
            OutputStream head,
            OutputStream out)
            throws NotCapturableException, IOException {
        synchronized (ONE_WALK) {
            if (!history.continues()) {
                history.forget();
            }
            try {
                return new HeapWriter(program, externals, codecs, names, history, out).run(roots, head);
            } catch (StoppedWalkException stopped) {
                throw explained(stopped, roots, program, externals, codecs, names);
            }
        }
    }

    /**
     * Does what a walk does once for each class and may be done while the program runs: the types of the classes' fields are loaded, which
     * can run code of the program's class loaders, and their literals are looked up.
     */
    public static void prepare(List<Class<?>> classesWithStatics, ProgramClasses program) {
        for (Class<?> type : classesWithStatics) {
            try {
                PlanTable.loadFieldTypes(type, program);
                String[] unused = LITERALS.get(type);
            } catch (RuntimeException | LinkageError unready) {
                // A walk that needs the class says so.
            }
        }
    }

    /** Nothing is held of what has been written, so the walk is made once more to see how it came to the object. */
    private static NotCapturableException explained(
            StoppedWalkException stopped,
            HeapRoots roots,
            ProgramClasses program,
            ExternalObjects externals,
            ObjectCodecs codecs,
            PathNames names)
            throws IOException {
        String path = "";
        OutputStream nowhere = OutputStream.nullOutputStream();
        try (HeapHistory all = HeapHistory.ofExplanation()) {
            HeapWriter again = new HeapWriter(program, externals, codecs, names, all, nowhere);
            path = again.pathOfStop(roots);
        } catch (OutOfMemoryError noRoom) {
            path = "; there is no room to tell how it is reached";
        }
        return new NotCapturableException(stopped.problem().getMessage() + path, stopped.problem());
    }

    private String pathOfStop(HeapRoots roots) throws IOException {
        try {
            ids.begin();
            reserve(roots);
            writeBegin();
            walk(roots);
            return "";
        } catch (StoppedWalkException stopped) {
            return "; reached by "
                    + new PathFinder(ids, id -> ids.shape(id) >= 0, names).pathTo(stopped.object(), current);
        } finally {
            plans.end();
            ids.end();
        }
    }

    private HeapStatistics run(HeapRoots roots, OutputStream head) throws StoppedWalkException, IOException {
        boolean complete = false;
        try {
            ids.begin();
            int segments = history.segments() + 1;
            if (head == out) {
                writeHead(segments, roots, List.of(), head);
            }
            reserve(roots);
            writeBegin();
            walk(roots);
            writeEnd();
            if (head != out) {
                writeHead(segments, roots, classes.hashes(), head);
            }
            HeapStatistics statistics = plans.statistics();
            history.walked(shapes.flushed() + data.flushed() + part.flushed(), contentBytes(statistics));
            complete = true;
            return statistics;
        } finally {
            plans.end();
            ids.end();
            if (!complete) {
                history.forget();
            }
        }
    }

    /** About what a full image would have. */
    private long contentBytes(HeapStatistics statistics) {
        return statistics.bytes() + ids.visited() * RECORD_BYTES;
    }

    private void writeHead(int segments, HeapRoots roots, List<ClassHash> hashes, OutputStream head)
            throws IOException {
        Lane header = new Lane(HeapStream.HEADER, 1 << 12);
        header.fixed(HeapStream.MAGIC);
        header.number(HeapStream.VERSION);
        header.number(Runtime.version().feature());
        header.number(segments);
        List<Class<?>> named =
                roots.classesWithStatics().stream().filter(HeapWriter::isRoot).toList();
        header.number(named.size());
        for (Class<?> type : named) {
            header.text(classes.loaderKey(type.getClassLoader()));
            header.text(type.getName());
        }
        header.number(hashes.size());
        hashes.forEach(each -> each.write(header));
        header.flush(head);
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

    private void writeBegin() throws IOException {
        Lane begin = new Lane(HeapStream.BEGIN, 16);
        begin.number(ids.count());
        begin.number(ids.handedOut());
        begin.flush(out);
    }

    private void walk(HeapRoots roots) throws StoppedWalkException, IOException {
        root = reference(roots.root());
        for (Class<?> type : roots.classesWithStatics()) {
            if (isRoot(type)) {
                reference(StaticsOf.of(type));
            }
        }
        for (int place = order.take(ids.visited()); place != 0; place = order.take(ids.visited())) {
            int id = ids.idAt(place);
            Object object = ids.take(place);
            if (ids.shape(id) >= 0) {
                current = id;
                writeData(id, object, plans.of(object));
                order.ledTo(ids.visited());
                if (data.size() >= HeapStream.DATA_CHUNK) {
                    flush();
                }
            }
        }
    }

    /** Proxies are made anew, and a hidden class counts only once the walk meets it: nothing can name it. */
    private static boolean isRoot(Class<?> type) {
        return !type.isHidden() && !Proxy.isProxyClass(type);
    }

    private void writeEnd() throws IOException {
        flush();
        writeGone();
        writeResolutions();
        Lane end = new Lane(HeapStream.END, 16);
        end.number(ids.count());
        end.number(root);
        ids.noteHandedOut();
        end.number(IdentityHashes.handedOut());
        end.flush(out);
        out.flush();
    }

    private void writeGone() throws IOException {
        Lane gone = new Lane(HeapStream.GONE, 1 << 12);
        IntList retired = ids.retire();
        int before = 0;
        for (int index = 1; index <= retired.size(); index++) {
            int id = retired.get(index);
            history.partPrints.remove(id);
            gone.number(id - before);
            before = id;
            if (gone.size() >= HeapStream.SHAPES_CHUNK) {
                gone.flush(out);
                before = 0;
            }
        }
        gone.flush(out);
    }

    /** All of them again once there are more; a reader adds them to those it has. */
    private void writeResolutions() throws IOException {
        long print = resolutions.fingerprint(0, 0);
        if (history.keeps && print == history.resolutions) {
            resolutions.cut(0);
        }
        history.resolutions = print;
        resolutions.flush(out);
    }

    private void flush() throws IOException {
        shapes.flush(out);
        data.flush(out);
        previous = 0;
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
            return ids.shape(id) < 0;
        }
        return (id < 0 && id != ObjectIds.RETURNING)
                || object instanceof Module
                || object instanceof Class
                || (id == ObjectIds.RETURNING && ids.isSameNamed(ids.candidate(), object))
                || plans.of(object).kind == PlanKind.RESOLVED;
    }

    private int discover(Object object, int found) throws StoppedWalkException, IOException {
        int id = 0;
        if (found == ObjectIds.RETURNING) {
            id = returning(object, ids.candidate());
        }
        if (id == 0) {
            boolean reserved = found < 0 && found != ObjectIds.RETURNING;
            id = reserved ? addReserved(object, -found - 1) : addNew(object);
        }
        if (shapes.size() >= HeapStream.SHAPES_CHUNK) {
            shapes.flush(out);
        }
        return id;
    }

    /** The id that the object may keep, 0 if it needs another one. */
    private int returning(Object object, int candidate) throws StoppedWalkException, IOException {
        int before = ids.visited();
        int shape = ids.shape(candidate);
        if (shape == ObjectIds.NAMED) {
            return returningNamed(object, candidate, before);
        }
        if (object instanceof Class || object instanceof Module) {
            return 0;
        }
        ClassPlan plan = plans.of(object);
        if (plan.kind == PlanKind.RESOLVED) {
            return shape == ObjectIds.DESCRIBED ? returningDescribed(object, plan, candidate, before) : 0;
        }
        return shape == shapeOf(object, plan) ? claimed(object, candidate, plan, before) : 0;
    }

    private int returningNamed(Object object, int candidate, int before) throws StoppedWalkException, IOException {
        if (!ids.isSameNamed(candidate, object)) {
            return 0;
        }
        if (object instanceof Class<?> type) {
            classes.numberOf(type);
        } else if (object instanceof Module module && !module.isNamed()) {
            reference(module.getClassLoader());
        }
        return claimed(object, candidate, null, before);
    }

    private int returningDescribed(Object object, ClassPlan plan, int candidate, int before)
            throws StoppedWalkException, IOException {
        Description description = new Description(this, classes);
        description.write(plan, object);
        return description.fingerprint(plan) == history.prints.getLong(candidate)
                ? claimed(object, candidate, plan, before)
                : 0;
    }

    /** What the object's class depends on may have led to it meanwhile, and to others that want the id. */
    private int claimed(Object object, int candidate, @Nullable ClassPlan plan, int before) {
        if (ids.visited() > before) {
            int known = ids.find(object);
            if (known > 0) {
                return known;
            }
            if (!ids.isFree(candidate)) {
                return 0;
            }
        }
        ids.visit(candidate, object);
        if (plan != null) {
            plan.objects++;
        }
        return candidate;
    }

    /** What must be the same for an object to have the id of another one. */
    private static int shapeOf(Object object, ClassPlan plan) {
        return plan.isArray() ? shapeOfArray(object, plan.number) : plan.number;
    }

    /** The same for an object that was read. */
    static int shapeOf(Object object, ImagePlan plan) {
        return plan.isArray ? shapeOfArray(object, plan.number) : plan.number;
    }

    private static int shapeOfArray(Object array, int plan) {
        int mixed = (plan * 31 + Array.getLength(array)) * 0x9E3779B9;
        return (mixed ^ mixed >>> 16) & Integer.MAX_VALUE;
    }

    private int addReserved(Object object, int reservation) throws StoppedWalkException, IOException {
        return reservation < externals.count()
                ? addExternal(object, externals.name(reservation))
                : addLiteral((String) object);
    }

    private int addExternal(Object object, String name) throws StoppedWalkException, IOException {
        Class<?> substitute = substitute(object);
        int substituteNumber = substitute == null ? 0 : classes.numberOf(substitute) + 1;
        int id = addWithoutData(object);
        shapes.number(HeapStream.EXTERNAL);
        writeHash();
        shapes.text(name);
        shapes.number(substituteNumber);
        return id;
    }

    /** Of which class the reading JVM may make another object in place of this one, if it does not have it; null if of none. */
    private static @Nullable Class<?> substitute(Object external) {
        if (external instanceof ThreadLocal) {
            return ThreadLocal.class;
        }
        boolean empty = external.getClass().isArray() && Array.getLength(external) == 0;
        return empty ? external.getClass() : null;
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
        int id = addShape(object, plan, ObjectIds.DESCRIBED);
        byte[] bytes = description.bytes();
        shapes.blob(bytes);
        if (history.keeps) {
            history.prints.put(id, description.fingerprint(plan));
        }
        return id;
    }

    private int addShape(Object object, ClassPlan plan) {
        return addShape(object, plan, shapeOf(object, plan));
    }

    private int addShape(Object object, ClassPlan plan, int shape) {
        int id = ids.add(object, shape);
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
        return ids.add(object, ObjectIds.NAMED);
    }

    private void writeHash() {
        shapes.fixed(ids.hashOfAdded());
    }

    private void writeData(int id, Object object, ClassPlan plan) throws StoppedWalkException, IOException {
        if (plan.kind == PlanKind.PRIMITIVE_ARRAY) {
            long bytes = (long) Array.getLength(object) << plan.elementShift;
            if (bytes > HeapStream.LARGEST_WHOLE) {
                writeParts(id, object, bytes, plan.elementShift);
                plan.bytes += bytes;
                return;
            }
        } else if (object instanceof Object[] array && array.length > HeapStream.LARGEST_WHOLE / Integer.BYTES) {
            writeParts(id, array);
            plan.bytes += (long) array.length * Integer.BYTES;
            return;
        }
        if (object instanceof String string && StringAccess.bytes(string).length > HeapStream.LARGEST_WHOLE) {
            writeLongString(id, string, plan);
        } else {
            writeRecord(id, object, plan, plan.number);
        }
    }

    /**
     * Writes a record, unless the images before say the same of the object.
     *
     * @param aspect what else makes it another record
     */
    private boolean writeRecord(int id, Object object, ClassPlan plan, long aspect)
            throws StoppedWalkException, IOException {
        int start = data.size();
        data.signed(id - previous);
        int content = data.size();
        writeContent(object, plan);
        plan.bytes += data.size() - content;
        if (history.keeps) {
            long print = data.fingerprint(content, aspect);
            if (id <= ids.before() && history.prints.getLong(id) == print) {
                data.cut(start);
                return false;
            }
            history.prints.put(id, print);
        }
        previous = id;
        return true;
    }

    /** The record that says how long it is, and all of its characters behind it. */
    private void writeLongString(int id, String string, ClassPlan plan) throws StoppedWalkException, IOException {
        byte[] content = StringAccess.bytes(string);
        long aspect = history.keeps ? Fingerprint.of(content, Memory.BYTE_BASE, content.length, plan.number) : 0;
        if (writeRecord(id, string, plan, aspect)) {
            flush();
            for (int from = 0; from < content.length; from += HeapStream.PART_BYTES) {
                int length = Math.min(content.length - from, HeapStream.PART_BYTES);
                writePart(id, content, from, length, StringAccess.coder(string));
            }
        }
        plan.bytes += content.length;
    }

    private void writeContent(Object object, ClassPlan plan) throws StoppedWalkException, IOException {
        switch (plan.kind) {
            case OBJECT -> writeObject(object, plan);
            case LOADER, PARALLEL_LOADER -> writeLoader((ClassLoader) object, plan);
            case STRING -> writeString((String) object);
            case PRIMITIVE_ARRAY ->
                data.elements(object, 0, Array.getLength(object) << plan.elementShift, plan.elementShift);
            case REFERENCE_ARRAY -> {
                Object[] array = (Object[]) object;
                writeReferences(array, 0, array.length, data);
            }
            case STATICS -> writeFields(((StaticsOf) object).type, plan);
            case ATTACHMENTS -> writeAttachments(((AttachmentsOf) object).type);
            case RESOLVED -> throw new IllegalStateException("a resolved object has no data");
        }
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
            writeReference(UNSAFE.getReferenceVolatile(object, offset));
        }
        if (plan.codec != null) {
            writeReference(stateOf(object, plan.codec));
        }
    }

    private void writeReference(@Nullable Object target) throws StoppedWalkException, IOException {
        data.fixed(reference(target));
    }

    private void writeLoader(ClassLoader loader, ClassPlan plan) throws StoppedWalkException, IOException {
        writeFields(loader, plan);
        List<Class<?>> known = program.knownTo(loader);
        for (Class<?> type : known) {
            if (type.getClassLoader() == loader && !type.isHidden() && !type.isArray() && !Proxy.isProxyClass(type)) {
                classes.numberOf(type);
            }
        }
        Resolutions.write(loader, known, classes, resolutions);
    }

    private void writeString(String string) {
        byte[] content = StringAccess.bytes(string);
        int coder = StringAccess.coder(string);
        data.fixed(content.length);
        if (content.length <= HeapStream.LARGEST_WHOLE) {
            data.octet(coder);
            data.elements(content, 0, content.length, coder);
        } else {
            data.octet(coder | HeapStream.IN_PARTS);
        }
    }

    private void writeParts(int id, Object array, long bytes, int elementShift) throws IOException {
        long base = Memory.arrayBase(array.getClass());
        long[] prints = partPrints(id, bytes);
        for (long from = 0; from < bytes; from += HeapStream.PART_BYTES) {
            int length = (int) Math.min(bytes - from, HeapStream.PART_BYTES);
            int number = (int) (from / HeapStream.PART_BYTES);
            if (!history.keeps || isNewPart(prints, number, Fingerprint.of(array, base + from, length, 0))) {
                writePart(id, array, from, length, elementShift);
            }
        }
    }

    private void writePart(int id, Object array, long from, int length, int elementShift) throws IOException {
        beginPart(id, (int) (from >> elementShift));
        if (straight == null) {
            part.elements(array, from, length, elementShift);
            flushPart();
        } else {
            shapes.flush(out);
            part.flushInto(length, straight);
            straight.writeElements(array, Memory.arrayBase(array.getClass()) + from, length);
        }
    }

    private void writeParts(int id, Object[] array) throws StoppedWalkException, IOException {
        long[] prints = partPrints(id, (long) array.length * Integer.BYTES);
        int most = HeapStream.PART_BYTES / Integer.BYTES;
        for (int from = 0; from < array.length; from += most) {
            beginPart(id, from);
            int content = part.size();
            writeReferences(array, from, Math.min(from + most, array.length), part);
            if (history.keeps && !isNewPart(prints, from / most, part.fingerprint(content, 0))) {
                part.cut(0);
            } else {
                flushPart();
            }
        }
    }

    private void beginPart(int id, int from) {
        part.number(id);
        part.number(from);
    }

    /** What a part refers to comes before it. */
    private void flushPart() throws IOException {
        shapes.flush(out);
        part.flush(out);
    }

    private long[] partPrints(int id, long bytes) {
        if (!history.keeps) {
            return NO_PRINTS;
        }
        int count = HeapStream.parts(bytes);
        long[] known = history.partPrints.get(id);
        if (known == null || known.length != count) {
            known = new long[count];
            history.partPrints.put(id, known);
        }
        return known;
    }

    private static boolean isNewPart(long[] prints, int number, long print) {
        boolean isNew = prints[number] != print;
        prints[number] = print;
        return isNew;
    }

    private void writeReferences(Object[] array, int from, int to, Lane lane) throws StoppedWalkException, IOException {
        for (int index = from; index < to; index++) {
            Object element = UNSAFE.getReferenceVolatile(array, REFERENCE_BASE + index * REFERENCE_SCALE);
            lane.fixed(reference(element));
        }
    }

    private void writeAttachments(Class<?> type) throws StoppedWalkException, IOException {
        // A hidden class is given the domain of its host.
        writeReference(type.isHidden() ? null : ClassAccess.protectionDomain(type));
        writeReference(type.isHidden() ? ClassAccess.classData(type) : null);
    }
}
