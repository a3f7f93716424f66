package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassFileSource;
import dev.ingot.core.jvm.DeclaredFields;
import dev.ingot.core.jvm.FieldAnnotations;
import dev.ingot.core.jvm.Memory;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How an image holds the objects of one class, matched by name with the fields the class has in this JVM. */
final class ImagePlan {
    private static final String FORMER_NAME = "Ldev/ingot/api/FormerName;";

    /** Before any object was found to fit. No object of a plan has that number, those without a plan are looked at each time. */
    static final int NONE_FITS = -2;

    final int number;
    final PlanKind kind;
    final ImageClass type;
    final boolean hasState;
    final List<ImageField> fields;
    final int primitiveBytes;
    final int referenceCount;
    /** Bytes of the data of one object; arrays and strings have theirs by length. */
    final int recordBytes;

    final boolean isArray;

    /** Whether the references of a new object are null. */
    final boolean isMadeEmpty;

    /** Of an array of references, the plan whose objects were found to fit last. */
    int fitting = NONE_FITS;

    /** Of an array of primitives, as soon as its class is known; else 0. */
    int elementBytes;

    /** The class, of an array that of its elements, as soon as it was found to be one whose objects may be held by such a plan and are made without more ado. */
    @Nullable Class<?> admitted;

    private @Nullable Binding binding;

    ImagePlan(int number, PlanKind kind, ImageClass type, boolean hasState, List<ImageField> fields) {
        this.number = number;
        this.kind = kind;
        this.type = type;
        this.isArray = kind == PlanKind.PRIMITIVE_ARRAY || kind == PlanKind.REFERENCE_ARRAY;
        this.isMadeEmpty = kind == PlanKind.OBJECT || kind == PlanKind.REFERENCE_ARRAY;
        this.hasState = hasState;
        this.fields = List.copyOf(fields);
        int bytes = 0;
        int references = 0;
        for (ImageField field : fields) {
            if (field.isPrimitive()) {
                bytes += field.size();
            } else {
                references++;
            }
        }
        this.primitiveBytes = bytes;
        this.referenceCount = references;
        this.recordBytes = primitiveBytes + Integer.BYTES * (referenceCount + (hasState ? 1 : 0));
    }

    /** Name of the field of the {@code index}th reference. */
    String referenceName(int index) {
        return fields.get(fields.size() - referenceCount + index).name();
    }

    /** Whether its objects are made by their class alone. */
    boolean isPlain() {
        return admitted != null && !isArray;
    }

    Binding binding() {
        return Objects.requireNonNull(binding);
    }

    boolean isBound() {
        return binding != null;
    }

    /**
     * Matches the fields with those of the loaded class.
     *
     * @param ofOtherJdk whether the image was taken on another feature version of the JDK
     * @param warnings gets the fields that this JVM lacks
     * @param conflicts gets those that it has with another type
     */
    void bind(List<ImageClass> classes, boolean ofOtherJdk, List<String> warnings, List<String> conflicts) {
        List<PrimitiveFields.Piece> primitives = new ArrayList<>();
        List<Field> references = new ArrayList<>();
        BitSet wider = new BitSet();
        Map<Class<?>, Map<String, Field>> known = new HashMap<>();
        for (ImageField field : fields) {
            Field local = local(field, classes, known);
            if (type.isStoodIn()) {
                local = null;
            } else if (local == null && isOfOtherSuperclass(field, classes)) {
                conflicts.add("class " + type.name + " changed since the image was taken: it no longer extends "
                        + classes.get(field.declaring()).name + ", whose field '" + field.name()
                        + "' it had; resume on the JDK version the image was taken on");
            } else if (local == null) {
                lose(field, classes, warnings);
            } else if (!isOfSameType(field, local) && !isWidened(field, local)) {
                conflicts.add(conflict(field, local));
                local = null;
            }
            if (field.isPrimitive()) {
                primitives.add(
                        local == null
                                ? new PrimitiveFields.Piece(PrimitiveFields.NOWHERE, field.size(), null)
                                : new PrimitiveFields.Piece(
                                        DeclaredFields.offset(local), field.size(), widening(field, local)));
            } else {
                if (local != null && !isOfSameType(field, local)) {
                    wider.set(references.size());
                }
                references.add(local);
            }
        }
        if (ofOtherJdk) {
            conflicts.addAll(obstacles(classes, known));
        }
        binding = new Binding(PrimitiveFields.of(primitives), references, wider);
    }

    private static void lose(ImageField field, List<ImageClass> classes, List<String> warnings) {
        ImageClass declaring = classes.get(field.declaring());
        Class<?> here = declaring.type();
        if (here == null || !RebuiltClasses.doWithout(here, field.name())) {
            warnings.add("class " + declaring.name + " has lost its field '" + field.name()
                    + "' since the image was taken; its values are dropped");
        }
    }

    private @Nullable Field local(ImageField field, List<ImageClass> classes, Map<Class<?>, Map<String, Field>> known) {
        Class<?> declaring = classes.get(field.declaring()).type();
        Class<?> own = Objects.requireNonNull(type.type());
        if (declaring == null || !declaring.isAssignableFrom(own)) {
            return null;
        }
        if (kind == PlanKind.STATICS && declaring != own) {
            // It lies in another class, at a place that is something else in this one.
            return null;
        }
        Map<String, Field> here =
                known.computeIfAbsent(declaring, absent -> localFields(absent, classes.get(field.declaring())));
        Field same = here.get(field.name());
        return same != null ? same : here.get(RebuiltClasses.otherName(declaring, field.name()));
    }

    /** What classes of the JDK need that the image does not know. */
    private List<String> obstacles(List<ImageClass> classes, Map<Class<?>, Map<String, Field>> known) {
        List<String> obstacles = new ArrayList<>();
        if (kind == PlanKind.STATICS || type.isStoodIn()) {
            return obstacles;
        }
        known.forEach((declaring, here) -> {
            Map<String, Field> got = new HashMap<>(here);
            String lost = null;
            for (ImageField field : fields) {
                if (classes.get(field.declaring()).type() == declaring
                        && got.remove(field.name()) == null
                        && got.remove(RebuiltClasses.otherName(declaring, field.name())) == null) {
                    lost = field.name();
                }
            }
            String obstacle = RebuiltClasses.obstacle(declaring, lost, got.values());
            if (obstacle != null) {
                obstacles.add("class " + declaring.getName() + " changed since the image was taken: " + obstacle
                        + "; resume on the JDK version the image was taken on");
            }
        });
        return obstacles;
    }

    private Map<String, Field> localFields(Class<?> declaring, ImageClass image) {
        Map<String, Field> byName = new HashMap<>();
        ClassFileSource source = type -> image.bytes.length > 0 ? image.bytes : ClassFileSource.LOADER.find(type);
        List<Field> all = kind == PlanKind.STATICS
                ? DeclaredFields.ofClass(declaring, source)
                : DeclaredFields.ofInstances(declaring, source);
        all.forEach(field -> byName.put(field.getName(), field));
        all.forEach(field -> FieldAnnotations.texts(field, FORMER_NAME)
                .ifPresent(names -> names.forEach(name -> byName.putIfAbsent(name, field))));
        return byName;
    }

    /** A class of the JDK that was built anew on another one keeps elsewhere what it kept in that one's fields. */
    private boolean isOfOtherSuperclass(ImageField field, List<ImageClass> classes) {
        Class<?> own = Objects.requireNonNull(type.type());
        Class<?> declaring = classes.get(field.declaring()).type();
        return own.getClassLoader() == null && declaring != null && !declaring.isAssignableFrom(own);
    }

    private static boolean isOfSameType(ImageField field, Field local) {
        return RenamedClasses.isSame(field.descriptor(), local.getType());
    }

    /**
     * Whether the program gave the field a type that takes all values of the one it had. What a field of the JDK means with another type
     * nobody knows.
     */
    private static boolean isWidened(ImageField field, Field local) {
        if (local.getDeclaringClass().getClassLoader() == null) {
            return false;
        }
        boolean references = !field.isPrimitive() && !local.getType().isPrimitive();
        // Whether the objects fit shows when they are stored.
        return references || widening(field, local) != null;
    }

    private static @Nullable Widening widening(ImageField field, Field local) {
        return Widening.between(field.descriptor(), local.getType().descriptorString());
    }

    private static String conflict(ImageField field, Field local) {
        Class<?> declaring = local.getDeclaringClass();
        boolean ofJdk = declaring.getClassLoader() == null;
        return "class " + declaring.getName() + " changed since the image was taken: field '" + field.name() + "' was "
                + field.descriptor() + " and is " + local.getType().descriptorString() + "; resume "
                + (ofJdk ? "on the JDK version the image was taken on" : "with the classes the image was taken with");
    }

    /** Where the fields lie in this JVM. */
    static final class Binding {
        static final int ALL_FIT = Integer.MIN_VALUE;

        final PrimitiveFields primitives;
        final long[] offsets;
        /** What a reference must be an instance of; null if the JVM would accept anything. */
        final @Nullable Class<?>[] types;
        /** Of each reference, the plan whose objects were found to fit last; {@link #ALL_FIT} if any object would do. */
        final int[] fitting;

        /** @param wider the references that have another type here than in the image */
        Binding(PrimitiveFields primitives, List<@Nullable Field> references, BitSet wider) {
            this.primitives = primitives;
            offsets = new long[references.size()];
            types = new Class<?>[offsets.length];
            fitting = new int[offsets.length];
            for (int index = 0; index < offsets.length; index++) {
                Field field = references.get(index);
                offsets[index] = field == null ? PrimitiveFields.NOWHERE : DeclaredFields.offset(field);
                types[index] = field == null ? null : wider.get(index) ? field.getType() : checked(field.getType());
                fitting[index] = field != null && types[index] == null ? ALL_FIT : NONE_FITS;
            }
        }

        /** The JVM never relies on the type of what an interface-typed variable holds. */
        static @Nullable Class<?> checked(Class<?> type) {
            return type.isInterface() || type == Object.class ? null : type;
        }
    }

    static int elementShift(Class<?> primitiveArray) {
        return Memory.elementShift(primitiveArray);
    }
}
