package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.ClassFileSource;
import dev.ingot.core.jvm.DeclaredFields;
import dev.ingot.core.jvm.LoaderAccess;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides once per class how its objects are written, and writes the decision before the first of them. */
final class PlanTable {
    private static final int CACHED = 1 << 8;

    private final ProgramClasses program;
    private final ObjectCodecs codecs;
    private final ClassTable classes;
    private final HeapHistory history;
    private final Lane shapes;
    private final List<ClassPlan> met = new ArrayList<>();
    private final IdentityHashMap<Class<?>, ClassPlan> byType = new IdentityHashMap<>();
    /** By a few bits of the hash of the class. */
    private final @Nullable ClassPlan[] cache = new ClassPlan[CACHED];

    private @Nullable ClassPlan last;

    PlanTable(ProgramClasses program, ObjectCodecs codecs, ClassTable classes, HeapHistory history, Lane shapes) {
        this.program = program;
        this.codecs = codecs;
        this.classes = classes;
        this.history = history;
        this.shapes = shapes;
    }

    ClassPlan of(Object object) throws StoppedWalkException, IOException {
        Class<?> type = object.getClass();
        ClassPlan recent = last;
        if (recent != null && recent.type == type) {
            return recent;
        }
        int place = System.identityHashCode(type) & (CACHED - 1);
        ClassPlan cached = cache[place];
        if (cached != null && cached.type == type) {
            last = cached;
            return cached;
        }
        if (object instanceof StaticsOf statics) {
            return ofClass(statics.type, PlanKind.STATICS);
        }
        if (object instanceof AttachmentsOf attachments) {
            return ofClass(attachments.type, PlanKind.ATTACHMENTS);
        }
        ClassPlan known = byType.get(type);
        ClassPlan plan = known != null ? known : meet(object, type);
        cache[place] = plan;
        last = plan;
        return plan;
    }

    HeapStatistics statistics() {
        List<ClassUsage> usages = new ArrayList<>();
        for (ClassPlan plan : met) {
            if (plan.kind != PlanKind.ATTACHMENTS) {
                usages.add(new ClassUsage(displayName(plan), plan.objects, plan.bytes));
            }
        }
        return HeapStatistics.of(usages);
    }

    /** Lets go of the classes. */
    void end() {
        met.forEach(ClassPlan::end);
    }

    private static String displayName(ClassPlan plan) {
        return (plan.kind == PlanKind.STATICS ? "static " : "") + plan.typeName;
    }

    /** There is one such object of a class, so what it is known by is looked up once for its shape and once for its data. */
    private ClassPlan ofClass(Class<?> type, PlanKind kind) throws StoppedWalkException, IOException {
        ClassPlan known = history.plan(type, kind);
        if (known == null) {
            return kind == PlanKind.STATICS ? newStatics(type) : add(type, kind, List.of(), null, null);
        }
        if (known.type == null) {
            classes.numberOf(type);
            if (known.type == null) {
                begin(known, type, null, null);
            }
        }
        return known;
    }

    private void begin(
            ClassPlan plan,
            Class<?> type,
            @Nullable ObjectCodec<Object> codec,
            @Nullable ObjectResolver<Object> resolver) {
        plan.begin(type, codec, resolver);
        met.add(plan);
    }

    private ClassPlan meet(Object object, Class<?> type) throws StoppedWalkException, IOException {
        boolean plain = type == String.class || type.isArray();
        ObjectResolver<Object> resolver = plain ? null : codecs.resolverOf(type);
        ObjectCodec<Object> codec = plain || resolver != null ? null : codecs.codecOf(type);
        ClassPlan known = history.plan(type, PlanKind.OBJECT);
        if (known == null || !known.isFor(codec, resolver)) {
            return newPlan(object, type, codec, resolver);
        }
        classes.numberOf(type);
        classes.meetSuperclasses(type);
        ClassPlan metMeanwhile = byType.get(type);
        if (metMeanwhile != null) {
            return metMeanwhile;
        }
        begin(known, type, codec, resolver);
        byType.put(type, known);
        return known;
    }

    private ClassPlan newPlan(
            Object object,
            Class<?> type,
            @Nullable ObjectCodec<Object> codec,
            @Nullable ObjectResolver<Object> resolver)
            throws StoppedWalkException, IOException {
        if (type == String.class) {
            return add(type, PlanKind.STRING, List.of(), null, null);
        }
        if (type.isArray()) {
            boolean primitive = type.getComponentType().isPrimitive();
            return add(type, primitive ? PlanKind.PRIMITIVE_ARRAY : PlanKind.REFERENCE_ARRAY, List.of(), null, null);
        }
        return resolver != null
                ? add(type, PlanKind.RESOLVED, List.of(), null, resolver)
                : newFieldPlan(object, type, codec);
    }

    private ClassPlan newFieldPlan(Object object, Class<?> type, @Nullable ObjectCodec<Object> codec)
            throws StoppedWalkException, IOException {
        Class<?> carried = codec == null ? null : codec.stateOf() == null ? type : codec.stateOf();
        List<Field> fields = new ArrayList<>();
        for (Class<?> declaring = type;
                declaring != null && declaring != carried;
                declaring = declaring.getSuperclass()) {
            fields.addAll(fieldsOf(declaring));
        }
        String refusal = codec == null ? PlainCopy.refusal(type) : null;
        if (refusal != null) {
            throw new StoppedWalkException(
                    object, new NotCapturableException("cannot capture a " + type.getTypeName() + ": " + refusal));
        }
        return add(type, kindOf(type), fields, codec, null);
    }

    private List<Field> fieldsOf(Class<?> declaring) {
        return DeclaredFields.ofInstances(declaring, missing -> classFile(program, missing)).stream()
                .filter(field -> !PlainCopy.isOmitted(declaring, field.getName())
                        && !program.isExcluded(declaring, field.getName()))
                .toList();
    }

    /** Has the types of a class's fields loaded, as far as they can be. */
    static void loadFieldTypes(Class<?> declaring, ProgramClasses program) {
        List<Field> unused = DeclaredFields.ofInstances(declaring, missing -> classFile(program, missing));
    }

    private static byte @Nullable [] classFile(ProgramClasses program, Class<?> type) {
        RecordedClass recorded = program.recorded(type);
        return recorded == null ? ClassFileSource.LOADER.find(type) : recorded.bytes();
    }

    private static PlanKind kindOf(Class<?> type) {
        if (!ClassLoader.class.isAssignableFrom(type)) {
            return PlanKind.OBJECT;
        }
        return LoaderAccess.isParallelCapable(type) ? PlanKind.PARALLEL_LOADER : PlanKind.LOADER;
    }

    private ClassPlan newStatics(Class<?> type) throws StoppedWalkException, IOException {
        List<Field> fields = DeclaredFields.ofClass(type, missing -> classFile(program, missing)).stream()
                .filter(field -> !program.isExcluded(type, field.getName()))
                .toList();
        return add(type, PlanKind.STATICS, fields, null, null);
    }

    private ClassPlan add(
            Class<?> type,
            PlanKind kind,
            List<Field> fields,
            @Nullable ObjectCodec<Object> codec,
            @Nullable ObjectResolver<Object> resolver)
            throws StoppedWalkException, IOException {
        List<Field> ordered = new ArrayList<>(fields);
        ordered.sort(
                java.util.Comparator.comparing((Field field) -> !field.getType().isPrimitive())
                        .thenComparingLong(PlanTable::offset));
        int typeNumber = classes.numberOf(type);
        List<ImageField> imageFields = new ArrayList<>();
        for (Field field : ordered) {
            imageFields.add(ImageField.of(classes.numberOf(field.getDeclaringClass()), field));
        }
        boolean ofObjects = kind != PlanKind.STATICS && kind != PlanKind.ATTACHMENTS;
        ClassPlan known = ofObjects ? byType.get(type) : history.plan(type, kind);
        if (known != null) {
            return known;
        }
        EarlierPlan earlier = history.earlierPlan(type, kind);
        int number;
        if (earlier != null && earlier.isFor(kind, codec != null, type, ordered)) {
            number = earlier.number();
        } else {
            write(kind, typeNumber, imageFields, codec != null);
            number = history.nextPlan();
        }
        ClassPlan plan = new ClassPlan(type, number, kind, primitives(ordered), references(ordered), codec);
        begin(plan, type, codec, resolver);
        history.addPlan(type, plan);
        if (ofObjects) {
            byType.put(type, plan);
        }
        return plan;
    }

    private void write(PlanKind kind, int type, List<ImageField> fields, boolean hasState) {
        shapes.number(HeapStream.PLAN);
        shapes.octet(kind.code());
        shapes.number(type);
        if (kind.hasFields()) {
            shapes.octet(hasState ? 1 : 0);
            shapes.number(fields.size());
            for (ImageField field : fields) {
                shapes.number(field.declaring());
                shapes.text(field.name());
                shapes.text(field.descriptor());
            }
        }
    }

    private static PrimitiveFields primitives(List<Field> fields) {
        return PrimitiveFields.of(fields.stream()
                .filter(field -> field.getType().isPrimitive())
                .map(field -> new PrimitiveFields.Piece(
                        offset(field), ImageField.of(0, field).size(), null))
                .toList());
    }

    private static long[] references(List<Field> fields) {
        return fields.stream()
                .filter(field -> !field.getType().isPrimitive())
                .mapToLong(PlanTable::offset)
                .toArray();
    }

    private static long offset(Field field) {
        return java.lang.reflect.Modifier.isStatic(field.getModifiers())
                ? UNSAFE.staticFieldOffset(field)
                : UNSAFE.objectFieldOffset(field);
    }
}
