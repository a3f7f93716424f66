package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.ConnectorLoader;
import dev.ingot.core.jvm.DeclaredFields;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects that every JVM has and that an image refers to by name: singletons in static final fields of the JDK, elements of
 * its caches, built-in class loaders, modules, system thread groups, the standard streams.
 *
 * <p>Its {@link Origin} is taken before the program starts, while {@code System.in}, {@code out} and {@code err} are still the
 * JVM's own. At capture {@link #refresh} finds the JDK's singletons among the loaded classes without initialising any; at restore a name is looked
 * up when it is met. Not thread-safe.
 */
public final class ExternalObjects {
    /** Caches of the JDK are small; a longer array is data. */
    private static final int LONGEST_CACHE = 1 << 12;

    /** Streams the program can replace: whatever these fields hold now may be the program's. */
    private static final Set<String> REPLACEABLE = Set.of("java.lang.System");

    private static final String ARRAY_ELEMENT = "[";

    private static final String CONNECTOR_LOADER = "loader:jmx-connector";

    /** Some of the small ones, which lie in arrays in every JDK, have a name besides in a few. */
    private static final Set<Class<?>> NUMBERS = Set.of(BigDecimal.class, BigInteger.class);

    /** Where later JDKs keep a constant that earlier ones make when they are first asked for it. */
    private static final String DEFAULT_COLORS = "java.awt.image.ColorModel$1RGBdefault#INSTANCE";

    /** All arrays of this package's classes are filled on demand, some of them with no gaps. */
    private static final String FILLED_ON_DEMAND = "java.lang.invoke";

    /** Classes with an array that is empty in a fresh JVM, though it may be full by now. */
    private static final Set<String> BEGIN_EMPTY = Set.of(
            "com.sun.imageio.plugins.jpeg.ImageTypeProducer",
            "com.sun.java.swing.plaf.gtk.GTKEngine",
            "com.sun.org.apache.xerces.internal.impl.xpath.regex.REUtil",
            "java.awt.Cursor",
            "javax.swing.plaf.basic.BasicTextUI",
            "javax.swing.text.View",
            "sun.font.CMap",
            "sun.font.FontDesignMetrics");

    private final Map<String, Object> registered = new HashMap<>();
    private final List<Object> objects = new ArrayList<>();
    private final List<ExternalName> names = new ArrayList<>();
    private final List<String> literals = new ArrayList<>();
    private final Set<Class<?>> walked = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());

    private ExternalObjects() {}

    /**
     * What the program can change once it runs; the rest of a JVM's own objects can be looked up at any time.
     *
     * @param in {@code System.in}
     * @param out {@code System.out}
     * @param err {@code System.err}
     * @param threadGroup of the thread that starts the program
     */
    public record Origin(InputStream in, PrintStream out, PrintStream err, ThreadGroup threadGroup) {
        /** As they are now. */
        public static Origin ofThisJvm() {
            return new Origin(
                    System.in, System.out, System.err, Thread.currentThread().getThreadGroup());
        }
    }

    /** The objects every JVM has, as this one has them now. */
    public static ExternalObjects ofThisJvm() {
        return of(Origin.ofThisJvm());
    }

    /** The objects every JVM has; {@code origin} was taken before the program started. */
    public static ExternalObjects of(Origin origin) {
        ExternalObjects externals = new ExternalObjects();
        externals.registerLoaders();
        externals.registerModules();
        externals.registerThreadGroups(origin.threadGroup());
        externals.registerStreams(origin);
        externals.registerQueues();
        return externals;
    }

    /**
     * Names an object of which the resumed JVM registers its own under the same name. The first of several names counts.
     *
     * @throws IllegalArgumentException if the name is taken by another object
     */
    public void register(String name, Object object) {
        Object known = registered.putIfAbsent(name, object);
        if (known == null) {
            add(object, new ExternalName(name, null, null, 0));
        } else if (known != object) {
            throw new IllegalArgumentException("cannot register external object '" + name + "' twice");
        }
    }

    /** Finds the singletons of JDK classes among {@code loadedClasses} that were not seen yet. Initialises no class. */
    public void refresh(Class<?>[] loadedClasses) {
        List<Class<?>> fresh = new ArrayList<>();
        for (Class<?> type : loadedClasses) {
            if (isWalkable(type) && walked.add(type)) {
                fresh.add(type);
                if (type.getName().equals(ConnectorLoader.OWNER)) {
                    registerConnectorLoader();
                }
            }
        }
        // The name most likely to exist in another JDK comes first.
        fresh.sort(java.util.Comparator.comparing((Class<?> type) -> !isPublic(type))
                .thenComparing(Class::getName));
        Map<Class<?>, List<Field>> fields = new java.util.LinkedHashMap<>();
        fresh.forEach(type -> fields.put(type, singletonFields(type)));
        fields.forEach((type, list) -> {
            if (isBoxCache(type) || NUMBERS.contains(type)) {
                list.forEach(field -> addElements(type, field));
            }
        });
        fields.forEach((type, list) -> list.forEach(field -> addSingletonOfOwnClass(type, field)));
        fields.forEach((type, list) -> list.forEach(field -> addSingletonOfOwnNest(type, field)));
        fields.forEach((type, list) -> list.forEach(field -> addSingleton(type, field)));
        fields.forEach((type, list) -> list.forEach(field -> addElements(type, field)));
    }

    /** Any constant may hold a cached box; its own cache is what every JDK has. */
    private static boolean isBoxCache(Class<?> type) {
        Class<?> box = type.getNestHost();
        return (Number.class.isAssignableFrom(box) || box == Character.class) && type != box;
    }

    int count() {
        return objects.size();
    }

    Object get(int index) {
        return objects.get(index);
    }

    String name(int index) {
        return names.get(index).toString();
    }

    /** Interned strings among the JDK's constants. */
    List<String> literals() {
        return literals;
    }

    /**
     * The object of that name in this JVM.
     *
     * @throws NotRestorableException if there is none
     */
    Object resolve(String name) throws NotRestorableException {
        Object known = registered.get(name);
        if (known == null && name.equals(CONNECTOR_LOADER)) {
            return connectorLoader();
        }
        return known != null ? known : resolveField(name);
    }

    private static ClassLoader connectorLoader() throws NotRestorableException {
        try {
            return ConnectorLoader.ofThisJvm();
        } catch (ClassNotFoundException | LinkageError absent) {
            throw unknown(CONNECTOR_LOADER, "it has no remote connectors of JMX", absent);
        }
    }

    private void registerConnectorLoader() {
        try {
            register(CONNECTOR_LOADER, ConnectorLoader.ofThisJvm());
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException("cannot find " + CONNECTOR_LOADER, absent);
        }
    }

    private static boolean exists(String className) {
        try {
            Class.forName(className, false, ClassLoader.getPlatformClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private static Object defaultColors() throws NotRestorableException {
        try {
            return Class.forName("java.awt.image.ColorModel", true, ClassLoader.getPlatformClassLoader())
                    .getMethod("getRGBdefault")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw unknown(DEFAULT_COLORS, "the JDK does not tell its default color model", e);
        }
    }

    private static Object resolveField(String name) throws NotRestorableException {
        int hash = name.indexOf('#');
        if (hash < 0) {
            throw unknown(name, "nothing is registered under this name", null);
        }
        int bracket = name.indexOf(ARRAY_ELEMENT, hash);
        try {
            if (name.equals(DEFAULT_COLORS) && !exists(name.substring(0, hash))) {
                return defaultColors();
            }
            Class<?> holder = Class.forName(name.substring(0, hash), false, ClassLoader.getPlatformClassLoader());
            if (!isJdk(holder)) {
                throw unknown(name, "it is not a class of the JDK", null);
            }
            ClassAccess.initialize(holder);
            Object value = staticValue(holder, name.substring(hash + 1, bracket < 0 ? name.length() : bracket));
            return bracket < 0 ? required(name, value) : element(name, value, bracket);
        } catch (ClassNotFoundException | LinkageError e) {
            throw unknown(name, "the class is not there", e);
        }
    }

    private static Object element(String name, @Nullable Object array, int bracket) throws NotRestorableException {
        int index;
        try {
            index = Integer.parseInt(name.substring(bracket + 1, name.length() - 1));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw unknown(name, "the index is not a number", e);
        }
        boolean within = array instanceof Object[] elements && index >= 0 && index < elements.length;
        return required(name, within ? Array.get(array, index) : null);
    }

    private static @Nullable Object staticValue(Class<?> holder, String name) {
        for (Field field : DeclaredFields.ofClass(holder)) {
            if (field.getName().equals(name) && !field.getType().isPrimitive()) {
                return DeclaredFields.staticValue(field);
            }
        }
        return null;
    }

    private static Object required(String name, @Nullable Object value) throws NotRestorableException {
        if (value == null) {
            throw unknown(name, "the field is not there or holds nothing", null);
        }
        return value;
    }

    private static NotRestorableException unknown(String name, String reason, @Nullable Throwable cause) {
        return new NotRestorableException(
                "cannot find " + name + " in JDK " + Runtime.version() + ": " + reason
                        + "; resume on the JDK version the image was taken on",
                cause);
    }

    private void registerLoaders() {
        register("loader:platform", ClassLoader.getPlatformClassLoader());
        register("loader:app", ClassLoader.getSystemClassLoader());
        // Under -Djava.system.class.loader the built-in one is the parent of the program's.
        for (ClassLoader loader = ClassLoader.getSystemClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader.getClass().getName().equals("jdk.internal.loader.ClassLoaders$AppClassLoader")) {
                registered.putIfAbsent("loader:builtin-app", loader);
                add(loader, new ExternalName("loader:builtin-app", null, null, 0));
            }
        }
    }

    private void registerModules() {
        ModuleLayer.boot().modules().forEach(module -> {
            register("module:" + module.getName(), module);
            register("module-descriptor:" + module.getName(), module.getDescriptor());
        });
        register("boot-configuration", ModuleLayer.boot().configuration());
        for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
            register("resolved-module:" + module.name(), module);
            register("module-reference:" + module.name(), module.reference());
        }
        register("unnamed-module:platform", ClassLoader.getPlatformClassLoader().getUnnamedModule());
        register("unnamed-module:app", ClassLoader.getSystemClassLoader().getUnnamedModule());
        register("boot-layer", ModuleLayer.boot());
    }

    private void registerThreadGroups(ThreadGroup ofMain) {
        ThreadGroup group = ofMain;
        while (group.getParent() != null) {
            if (group.getName().equals("main") && group.getParent().getParent() == null) {
                register("thread-group:main", group);
            }
            group = group.getParent();
        }
        register("thread-group:system", group);
    }

    private void registerStreams(Origin origin) {
        register("stream:in", origin.in());
        register("stream:out", origin.out());
        register("stream:err", origin.err());
    }

    /** Their fields are called differently in different JDKs. */
    private void registerQueues() {
        for (Field field : DeclaredFields.ofClass(java.lang.ref.ReferenceQueue.class)) {
            Object value = field.getType().isPrimitive() ? null : DeclaredFields.staticValue(field);
            if (value != null) {
                register(
                        field.getName().equals("ENQUEUED") ? "reference-queue:enqueued" : "reference-queue:none",
                        value);
            }
        }
    }

    /** Other classes may keep it too, and in another JDK something else in its place. */
    private void addSingletonOfOwnClass(Class<?> type, Field field) {
        Object value = DeclaredFields.staticValue(field);
        if (value != null && value.getClass() == type && type != String.class) {
            add(value, new ExternalName(type.getName(), type, field.getName(), -1));
        }
    }

    /** As the empty collections, of which public classes keep one or the other. */
    private void addSingletonOfOwnNest(Class<?> type, Field field) {
        Object value = DeclaredFields.staticValue(field);
        if (value != null && value.getClass().getNestHost() == type && isOfJdk(value)) {
            add(value, new ExternalName(type.getName(), type, field.getName(), -1));
        }
    }

    private void addSingleton(Class<?> type, Field field) {
        Object value = DeclaredFields.staticValue(field);
        if (value instanceof String text) {
            addLiteral(text);
        } else if (value != null && isOfJdk(value)) {
            add(value, new ExternalName(type.getName(), type, field.getName(), -1));
        }
    }

    private void addElements(Class<?> type, Field field) {
        if (!type.getPackageName().equals(FILLED_ON_DEMAND)
                && !BEGIN_EMPTY.contains(type.getName())
                && DeclaredFields.staticValue(field) instanceof Object[] array
                && array.length <= LONGEST_CACHE
                && !isFilledOnDemand(array)) {
            for (int index = 0; index < array.length; index++) {
                Object element = array[index];
                if (element != null && !(element instanceof String) && isOfJdk(element)) {
                    add(element, new ExternalName(type.getName(), type, field.getName(), index));
                }
            }
        }
    }

    /** Whether the elements are what somebody has asked for; a fresh JVM has others. Some whole tables begin with none. */
    private static boolean isFilledOnDemand(Object[] array) {
        for (int index = 1; index < array.length; index++) {
            if (array[index] == null) {
                return true;
            }
        }
        return false;
    }

    /** A constant made at run time is not interned; a copy of it tells without changing which object is the interned one. */
    @SuppressWarnings({"StringCopy", "ReferenceEquality"
    }) // Which of equal strings is the interned one is the question.
    private void addLiteral(String text) {
        if (new String(text).intern() == text) {
            literals.add(text);
        }
    }

    private void add(Object object, ExternalName name) {
        objects.add(object);
        names.add(name);
    }

    private static List<Field> singletonFields(Class<?> type) {
        return DeclaredFields.ofClass(type).stream()
                .filter(field -> Modifier.isFinal(field.getModifiers())
                        && !field.getType().isPrimitive())
                .sorted(java.util.Comparator.comparing((Field field) -> !Modifier.isPublic(field.getModifiers())))
                .toList();
    }

    private static boolean isWalkable(Class<?> type) {
        return isJdk(type)
                && !type.isArray()
                && !type.isPrimitive()
                && !type.isHidden()
                && !REPLACEABLE.contains(type.getName())
                && ClassAccess.isInitialized(type);
    }

    private static boolean isJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return (loader == null || loader == ClassLoader.getPlatformClassLoader())
                && type.getModule().isNamed();
    }

    /** Classes, threads and objects of the program are never singletons of the JDK, even where the JDK holds them. */
    private static boolean isOfJdk(Object object) {
        Class<?> type = object.getClass();
        while (type.isArray()) {
            type = type.getComponentType();
        }
        return (type.isPrimitive() || isJdk(type))
                && !(object instanceof Class)
                && !(object instanceof Thread)
                && !(object instanceof ClassLoader)
                && !(object instanceof Module);
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers());
    }

    /** A registered name, or a static field of a JDK class, or an element of the array in one (index 0 and up). */
    private record ExternalName(
            String name,
            @Nullable Class<?> holder,
            @Nullable String field,
            int index) {
        @Override
        public String toString() {
            if (holder == null) {
                return name;
            }
            return name + '#' + field + (index < 0 ? "" : ARRAY_ELEMENT + index + ']');
        }
    }
}
