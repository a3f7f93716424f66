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
    private final ProgramClasses program;
    private final ObjectCodecs codecs;
    private final ClassTable classes;
    private final Lane shapes;
    private final List<ClassPlan> plans = new ArrayList<>();
    private final IdentityHashMap<Class<?>, ClassPlan> byType = new IdentityHashMap<>();
    private @Nullable ClassPlan last;

    PlanTable(ProgramClasses program, ObjectCodecs codecs, ClassTable classes, Lane shapes) {
        this.program = program;
        this.codecs = codecs;
        this.classes = classes;
        this.shapes = shapes;
    }

    ClassPlan at(int number) {
        return plans.get(number);
    }

    ClassPlan of(Object object) throws StoppedWalkException, IOException {
        Class<?> type = object.getClass();
        ClassPlan recent = last;
        if (recent != null && recent.type == type) {
            return recent;
        }
        if (object instanceof StaticsOf statics) {
            return newStatics(statics.type);
        }
        if (object instanceof AttachmentsOf attachments) {
            return newAttachments(attachments.type);
        }
        ClassPlan known = byType.get(type);
        last = known != null ? known : newPlan(object, type);
        return last;
    }

    HeapStatistics statistics() {
        return HeapStatistics.of(plans.stream()
                .filter(plan -> plan.kind != PlanKind.ATTACHMENTS)
                .map(plan -> new ClassUsage(displayName(plan), plan.objects, plan.bytes))
                .toList());
    }

    private static String displayName(ClassPlan plan) {
        return (plan.kind == PlanKind.STATICS ? "static " : "") + plan.type.getTypeName();
    }

    private ClassPlan newPlan(Object object, Class<?> type) throws StoppedWalkException, IOException {
        if (type == String.class) {
            return add(type, PlanKind.STRING, List.of(), null, null);
        }
        if (type.isArray()) {
            boolean primitive = type.getComponentType().isPrimitive();
            return add(type, primitive ? PlanKind.PRIMITIVE_ARRAY : PlanKind.REFERENCE_ARRAY, List.of(), null, null);
        }
        ObjectResolver<Object> resolver = codecs.resolverOf(type);
        if (resolver != null) {
            return add(type, PlanKind.RESOLVED, List.of(), null, resolver);
        }
        return newFieldPlan(object, type);
    }

    private ClassPlan newFieldPlan(Object object, Class<?> type) throws StoppedWalkException, IOException {
        ObjectCodec<Object> codec = codecs.codecOf(type);
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
        return DeclaredFields.ofInstances(declaring, this::classFile).stream()
                .filter(field -> !PlainCopy.isOmitted(declaring, field.getName())
                        && !program.isExcluded(declaring, field.getName()))
                .toList();
    }

    private byte @Nullable [] classFile(Class<?> type) {
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
        List<Field> fields = DeclaredFields.ofClass(type, this::classFile).stream()
                .filter(field -> !program.isExcluded(type, field.getName()))
                .toList();
        return add(type, PlanKind.STATICS, fields, null, null);
    }

    private ClassPlan newAttachments(Class<?> type) throws StoppedWalkException, IOException {
        return add(type, PlanKind.ATTACHMENTS, List.of(), null, null);
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
        ClassPlan known = kind == PlanKind.STATICS || kind == PlanKind.ATTACHMENTS ? null : byType.get(type);
        if (known != null) {
            return known;
        }
        write(kind, typeNumber, imageFields, codec != null);
        ClassPlan plan =
                new ClassPlan(type, plans.size(), kind, primitives(ordered), references(ordered), codec, resolver);
        plans.add(plan);
        if (kind != PlanKind.STATICS && kind != PlanKind.ATTACHMENTS) {
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
                .map(field -> new long[] {offset(field), ImageField.of(0, field).size()})
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
