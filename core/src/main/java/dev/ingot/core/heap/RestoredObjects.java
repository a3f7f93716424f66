package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.IdentityHashes;
import dev.ingot.core.jvm.LoaderAccess;
import dev.ingot.core.jvm.Memory;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The objects of an image as they come to be: found, made, or allocated empty. */
final class RestoredObjects implements ShapeHandler {
    /** Stands for what a class was defined with, which is kept with the class. */
    private static final Object ATTACHMENTS = new Object();

    private final ExternalObjects externals;
    private final ObjectCodecs codecs;
    private final NamedClasses named;
    private final ReadPrints prints;
    private final ObjectTable objects = new ObjectTable();
    private final ImageClasses classes;
    private final Resolutions resolutions = new Resolutions();
    private final ShapeParser parser;
    private final Map<Integer, Integer> lateLengths = new HashMap<>();
    private final Map<Integer, String> lateLoaders = new HashMap<>();
    private final Map<Integer, String> problems = new HashMap<>();
    private final Map<Integer, String> firstProblems = new HashMap<>();
    private final BitSet gone = new BitSet();
    private final List<Pending> pending = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<Integer, String> conflicts = new LinkedHashMap<>();
    private final IntList stateful = new IntList();
    private final IntList states = new IntList();
    /** By identity. */
    private final Map<Object, Integer> changed = new IdentityHashMap<>();

    /** Hashes that were given to objects as marked ones. */
    private final HandedOutNumbers marked = new HandedOutNumbers();

    private long budget;
    private int withData;
    private final boolean ofOtherJdk;

    /**
     * @param ofOtherJdk whether the image was taken on another feature version of the JDK
     * @param budget how many bytes of content the image can have
     */
    RestoredObjects(
            ExternalObjects externals,
            ObjectCodecs codecs,
            NamedClasses named,
            RestoreListener listener,
            ReadPrints prints,
            boolean ofOtherJdk,
            long budget) {
        this.externals = externals;
        this.ofOtherJdk = ofOtherJdk;
        this.prints = prints;
        this.codecs = codecs;
        this.named = named;
        this.budget = budget;
        this.classes = new ImageClasses(objects, this::isBare, ofOtherJdk, listener);
        this.parser = new ShapeParser(this, classes);
    }

    /** Begins a segment; see {@link ShapeParser#begin}. */
    void beginSegment(int claimed, boolean seen) {
        // Whoever goes on from the objects finds them again by their hashes.
        parser.begin(claimed, seen || prints.areKept());
    }

    /** Removes objects that the program let go of between two images. */
    void remove(LaneInput ids) throws ImageFormatException {
        int id = 0;
        while (ids.hasMore()) {
            long next = (long) id + ids.number();
            if (next <= id || next > count()) {
                throw ids.damaged("object " + next + " cannot be gone, there are " + count());
            }
            id = (int) next;
            gone.set(id);
            objects.set(id, null);
        }
    }

    boolean isGone(int id) {
        return gone.get(id);
    }

    void parse(LaneInput shapes) throws ImageFormatException, NotRestorableException {
        parser.parse(shapes);
    }

    int count() {
        return objects.size();
    }

    /** How many objects were announced so far that have data. */
    int withData() {
        return withData;
    }

    ObjectTable table() {
        return objects;
    }

    @Nullable Object get(int id) {
        return objects.get(id);
    }

    Object require(int id) {
        return Objects.requireNonNull(objects.get(id));
    }

    /** What a reference points to, null if it is not there yet. */
    @Nullable Object target(int id) throws NotRestorableException {
        Object target = objects.get(id);
        if (target == null) {
            requireComing(id);
        }
        return target;
    }

    private void requireComing(int id) throws NotRestorableException {
        requireId(id);
        if (gone.get(id)) {
            throw new NotRestorableException("object " + id + ", which is gone, is referred to; the image is damaged");
        }
    }

    void requireId(int id) throws NotRestorableException {
        if (id < 0 || id > objects.size()) {
            throw new NotRestorableException(
                    "object " + id + " does not exist, there are " + objects.size() + "; the image is damaged");
        }
    }

    int planNumber(int id) {
        return objects.planOf(id);
    }

    /** Notes that the object has had its data, or the first of them; whether it had not had them before. */
    boolean fill(int id) {
        return objects.fill(id);
    }

    /** How the data of the object is laid out, or null if it has none. */
    @Nullable ImagePlan planOf(int id) {
        int number = objects.planOf(id);
        return number == ObjectTable.NO_PLAN ? null : parser.plan(number);
    }

    ImagePlan plan(int number) {
        return parser.plan(number);
    }

    List<ImagePlan> plans() {
        return parser.plans();
    }

    /** The class whose static fields a plan holds, which may be initialised. */
    Class<?> typeOfStatics(ImagePlan plan) throws NotRestorableException {
        Class<?> type = Objects.requireNonNull(plan.type.type());
        named.requireStatics(plan.type, type);
        return type;
    }

    ImageClasses classes() {
        return classes;
    }

    /** What the program's class loaders were asked for. */
    Resolutions resolutions() {
        return resolutions;
    }

    List<String> warnings() {
        return warnings;
    }

    List<Pending> pending() {
        pending.removeIf(waiting -> gone.get(waiting.id()));
        return pending;
    }

    /** The identity hash codes in the image of objects that have another one here; a map by identity. */
    Map<Object, Integer> changedHashes() {
        return changed;
    }

    long arrayBytes(int id, ImagePlan plan) {
        Object array = objects.get(id);
        long length = array == null ? lateLengths.getOrDefault(id, 0) : Array.getLength(array);
        return length * elementBytes(plan);
    }

    ImageFormatException damaged(String problem) {
        return new ImageFormatException(problem, 0);
    }

    /** Counts content the stream announces against its own length. */
    void spend(long bytes) throws ImageFormatException {
        budget -= bytes;
        if (budget < 0) {
            throw damaged("it announces more content than it has bytes");
        }
    }

    /** Lets the stream announce so much more. */
    void allow(long bytes) {
        budget += bytes;
    }

    void bind(ImagePlan plan) {
        if (!plan.isBound()) {
            List<String> found = new ArrayList<>();
            plan.bind(classes.all(), ofOtherJdk, warnings, found);
            if (!found.isEmpty()) {
                conflicts.putIfAbsent(plan.number, found.get(0));
            }
        }
    }

    /** Fields that this JVM has with another type than the image, by the number of the plan. */
    Map<Integer, String> conflicts() {
        return conflicts;
    }

    void addState(int id, int state) throws NotRestorableException {
        requireId(state);
        stateful.add(id);
        states.add(state);
    }

    int stateCount() {
        return stateful.size();
    }

    int statefulObject(int index) {
        return stateful.get(index);
    }

    int stateOf(int index) {
        return states.get(index);
    }

    /** Whether an object is still there, and its state was not told again further on. */
    BitSet currentStates() {
        BitSet current = new BitSet();
        BitSet told = new BitSet();
        for (int index = stateful.size(); index >= 1; index--) {
            int id = stateful.get(index);
            if (!gone.get(id) && !told.get(id)) {
                told.set(id);
                current.set(index);
            }
        }
        return current;
    }

    /** Why the object could not be made; null if that is only because of another one. */
    @Nullable String problemOf(int id) {
        String own = problems.getOrDefault(id, firstProblems.get(id));
        ImagePlan plan = planOf(id);
        return own != null || plan == null ? own : plan.type.problem();
    }

    /** What to say of an object that could not be made because of another one. */
    String consequenceOf(int id) {
        ImagePlan plan = planOf(id);
        return plan == null ? "it depends on something that could not be made" : problemOf(plan.type);
    }

    /** Tries to make what could not be made before; the ids of what could. */
    List<Integer> makePending() throws NotRestorableException {
        List<Integer> made = new ArrayList<>();
        List<Pending> tried = List.copyOf(pending());
        pending.clear();
        for (Pending each : tried) {
            Object object = problems.containsKey(each.id()) ? null : make(each);
            if (object == null) {
                pending.add(each);
            } else {
                put(each.id(), each.hash(), object);
                made.add(each.id());
            }
        }
        return made;
    }

    /**
     * The JVM verifies a class before there can be objects of it, and asks its loader for others then, which may be one of the program's that
     * cannot load yet.
     */
    private @Nullable Object make(Pending each) throws NotRestorableException {
        try {
            Object object = each.maker().make();
            if (object instanceof StaticsOf statics) {
                ClassAccess.initialize(statics.type);
            }
            return object;
        } catch (RuntimeException | NoClassDefFoundError unready) {
            problems.put(each.id(), String.valueOf(unready));
            return null;
        } catch (NotRestorableException refused) {
            if (!(refused.getCause() instanceof NoClassDefFoundError)) {
                throw refused;
            }
            problems.put(each.id(), String.valueOf(refused.getMessage()));
            return null;
        }
    }

    /** Lets objects and classes that could not be made be tried again: a class loader that failed may load now. */
    void retryFailed() {
        firstProblems.putAll(problems);
        problems.clear();
        classes.retryFailed();
    }

    @Override
    public void onClass(ImageClass added) {
        classes.add(added);
    }

    @Override
    public void onPlan(ImagePlan added) throws NotRestorableException {
        if (added.type.type() != null && added.kind != PlanKind.STATICS) {
            bind(added);
        }
    }

    @Override
    public void onExternal(int hash, String name, @Nullable ImageClass substitute) {
        int id = add(ObjectTable.NO_PLAN);
        try {
            put(id, hash, externals.resolve(name));
        } catch (NotRestorableException e) {
            Object other = substitute == null ? null : substitute(substitute.type());
            if (other == null) {
                problems.put(id, String.valueOf(e.getMessage()));
            }
            putOrWait(id, hash, other, () -> null);
        }
    }

    private static @Nullable Object substitute(@Nullable Class<?> type) {
        if (type == ThreadLocal.class) {
            // Nobody asks for what a thread has under it.
            return new ThreadLocal<>();
        }
        return type != null && type.isArray() ? Array.newInstance(type.getComponentType(), 0) : null;
    }

    @Override
    public void onLiteral(int hash, String text) {
        put(add(ObjectTable.NO_PLAN), hash, text.intern());
    }

    @Override
    public void onMirror(ImageClass type) {
        int id = add(ObjectTable.NO_PLAN);
        putOrWait(id, type.hash, type.type(), () -> {
            if (type.problem() != null) {
                problems.put(id, problemOf(type));
            }
            return type.type();
        });
    }

    @Override
    public void onModule(int hash, int loader) {
        int id = add(ObjectTable.NO_PLAN);
        Object known = objects.get(loader);
        putOrWait(id, hash, unnamedModule(known), () -> unnamedModule(objects.get(loader)));
    }

    @Override
    public void onLoader(int id, String key) {
        if (objects.get(id) instanceof ClassLoader loader) {
            named.loaderRestored(key, loader);
        } else {
            lateLoaders.put(id, key);
        }
    }

    @Override
    public void onResolved(int hash, ImagePlan plan, LaneInput description)
            throws ImageFormatException, NotRestorableException {
        int id = add(ObjectTable.NO_PLAN);
        prints.description(id, plan, description);
        DescribedObject described = DescribedObject.read(description, classes, this::get, count());
        putOrWait(id, hash, resolve(id, plan, described), () -> resolve(id, plan, described));
    }

    @Override
    public void onInstance(int hash, ImagePlan plan, int length) throws ImageFormatException, NotRestorableException {
        spend(length == NO_LENGTH ? plan.recordBytes : (long) length * elementBytes(plan));
        Class<?> admitted = plan.admitted;
        Object object = admitted == null
                ? allocate(plan, length)
                : plan.isArray ? Array.newInstance(admitted, length) : instance(admitted);
        int id = objects.add(object, plan.number);
        withData++;
        if (object == null) {
            await(id, hash, plan, length);
        } else if (hash != 0 && isOfProgram(plan) && !give(object, hash)) {
            changed.put(object, hash);
        }
    }

    @Override
    public void onPlain(int hash, ImagePlan plan) throws ImageFormatException, NotRestorableException {
        spend(plan.recordBytes);
        Object object = instance(Objects.requireNonNull(plan.admitted));
        int unused = objects.add(object, plan.number);
        withData++;
        if (hash != 0 && !give(object, hash)) {
            changed.put(object, hash);
        }
    }

    private boolean give(Object fresh, int hash) {
        return IdentityHashes.give(fresh, hash, hash <= parser.lastClaimed() && marked.add(hash));
    }

    private static boolean isOfProgram(ImagePlan plan) {
        return plan.kind != PlanKind.STATICS && plan.kind != PlanKind.ATTACHMENTS;
    }

    private void await(int id, int hash, ImagePlan plan, int length) {
        if (length != NO_LENGTH) {
            lateLengths.put(id, length);
        }
        pending.add(new Pending(id, hash, () -> allocate(plan, length)));
    }

    private int add(int planNumber) {
        return objects.add(null, planNumber);
    }

    private void putOrWait(int id, int hash, @Nullable Object object, Pending.Maker maker) {
        if (object == null) {
            pending.add(new Pending(id, hash, maker));
        } else {
            put(id, hash, object);
        }
    }

    private void put(int id, int hash, Object object) {
        objects.set(id, object);
        boolean fresh = objects.planOf(id) != ObjectTable.NO_PLAN && !(object instanceof StaticsOf);
        if (hash != 0 && object != ATTACHMENTS && !(fresh ? give(object, hash) : IdentityHashes.ensure(object, hash))) {
            changed.put(object, hash);
        }
        if (!lateLoaders.isEmpty()) {
            tellOfLoader(id, object);
        }
    }

    private void tellOfLoader(int id, Object object) {
        String loaderKey = lateLoaders.remove(id);
        if (loaderKey != null && object instanceof ClassLoader loader) {
            named.loaderRestored(loaderKey, loader);
        }
    }

    private @Nullable Object resolve(int id, ImagePlan plan, DescribedObject described) {
        Class<?> type = plan.type.type();
        if (type == null) {
            return null;
        }
        try {
            Object[] parts = described.parts();
            return parts == null ? null : resolve(type, parts);
        } catch (NotRestorableException | RuntimeException e) {
            problems.put(id, "cannot restore a " + type.getTypeName() + ": " + e.getMessage());
            return null;
        } catch (LinkageError e) {
            problems.put(id, "cannot restore a " + type.getTypeName() + ": " + e);
            return null;
        }
    }

    private Object resolve(Class<?> type, Object[] parts) throws NotRestorableException {
        ObjectResolver<Object> resolver = codecs.resolverOf(type);
        if (resolver == null) {
            throw new NotRestorableException("this Ingot has no resolver for " + type.getTypeName());
        }
        return requireInstance(type, resolver.resolve(type, parts));
    }

    /** What a program can know of a JDK type: which of its hidden subclasses an object has is the JVM's affair. */
    private static Class<?> publicForm(Class<?> type) {
        Class<?> known = type;
        while (!Modifier.isPublic(known.getModifiers()) && known.getSuperclass() != null) {
            known = known.getSuperclass();
        }
        return known == Object.class ? type : known;
    }

    private static Object requireInstance(Class<?> type, Object resolved) throws NotRestorableException {
        if (!publicForm(type).isInstance(resolved)) {
            throw new NotRestorableException(
                    "it was resolved to a " + resolved.getClass().getTypeName());
        }
        return resolved;
    }

    private @Nullable Object allocate(ImagePlan plan, int length) throws NotRestorableException {
        Class<?> type = plan.type.type();
        if (plan.kind == PlanKind.ATTACHMENTS) {
            return ATTACHMENTS;
        }
        if (type == null) {
            return null;
        }
        return switch (plan.kind) {
            case OBJECT -> allocateObject(plan, type);
            case LOADER, PARALLEL_LOADER -> allocateLoader(plan, type);
            case STRING -> {
                plan.admitted = required(type == String.class, plan, type);
                yield instance(type);
            }
            case PRIMITIVE_ARRAY, REFERENCE_ARRAY -> allocateArray(plan, type, length);
            case STATICS -> new StaticsOf(type);
            case ATTACHMENTS, RESOLVED -> throw new IllegalStateException(plan.kind + " is made elsewhere");
        };
    }

    private static Object allocateArray(ImagePlan plan, Class<?> type, int length) throws NotRestorableException {
        boolean ofPrimitives = plan.kind == PlanKind.PRIMITIVE_ARRAY;
        Class<?> component =
                component(required(type.isArray() && component(type).isPrimitive() == ofPrimitives, plan, type));
        plan.admitted = component;
        return Array.newInstance(component, length);
    }

    private Object allocateObject(ImagePlan plan, Class<?> type) throws NotRestorableException {
        required(type != String.class && !type.isArray() && !ClassLoader.class.isAssignableFrom(type), plan, type);
        if (plan.hasState) {
            requireCodec(type);
        } else {
            requirePlain(type);
        }
        named.requireInstantiable(type);
        bind(plan);
        plan.admitted = type;
        return instance(type);
    }

    private Object allocateLoader(ImagePlan plan, Class<?> type) throws NotRestorableException {
        required(ClassLoader.class.isAssignableFrom(type), plan, type);
        named.requireInstantiable(type);
        ClassLoader loader = (ClassLoader) instance(type);
        bind(plan);
        LoaderAccess.renew(loader, plan.kind == PlanKind.PARALLEL_LOADER);
        return loader;
    }

    private void requireCodec(Class<?> type) throws NotRestorableException {
        if (codecs.codecOf(type) == null) {
            throw new NotRestorableException("this Ingot has no codec for " + type.getTypeName());
        }
    }

    private static void requirePlain(Class<?> type) throws NotRestorableException {
        String refusal = PlainCopy.refusal(type);
        if (refusal != null) {
            throw new NotRestorableException("cannot restore a " + type.getTypeName() + ": " + refusal);
        }
    }

    private static Class<?> required(boolean fits, ImagePlan plan, Class<?> type) throws NotRestorableException {
        if (!fits) {
            throw new NotRestorableException(
                    "the image holds objects of class " + type.getTypeName() + " as " + plan.kind + "; it is damaged");
        }
        return type;
    }

    private static Object instance(Class<?> type) throws NotRestorableException {
        try {
            return Memory.allocate(type);
        } catch (InstantiationException | LinkageError e) {
            throw new NotRestorableException("cannot make a " + type.getTypeName() + ": " + e, e);
        }
    }

    private static @Nullable Module unnamedModule(@Nullable Object loader) {
        return loader instanceof ClassLoader known ? known.getUnnamedModule() : null;
    }

    private static String problemOf(ImageClass type) {
        String problem = type.problem();
        return problem == null ? "class " + type.name + " could not be loaded" : problem;
    }

    private static Class<?> component(Class<?> array) {
        return array.getComponentType();
    }

    static int elementShift(ImagePlan plan) {
        return Integer.numberOfTrailingZeros(elementBytes(plan));
    }

    private static int elementBytes(ImagePlan plan) {
        if (plan.kind != PlanKind.PRIMITIVE_ARRAY) {
            return Integer.BYTES;
        }
        if (plan.elementBytes == 0) {
            Class<?> type = plan.type.type();
            if (type == null || !type.isArray() || !component(type).isPrimitive()) {
                return 1;
            }
            plan.elementBytes = 1 << Memory.elementShift(type);
        }
        return plan.elementBytes;
    }

    /** Whether the object has no fields of its own to be filled first. */
    private boolean isBare(int id) {
        return objects.planOf(id) == ObjectTable.NO_PLAN;
    }
}
