package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.security.SecureClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hash tables that the JDK itself keeps in a JVM in which no program runs yet and whose order depends on the identity hash codes of
 * classes. A test looks through all objects of such a JVM for further ones.
 */
final class TablesOfClasses {
    private final List<Map<Object, Object>> maps = new ArrayList<>();
    /** Maps and sets that cannot be changed and are many places' constants. */
    private final List<Object> constants = new ArrayList<>();

    private final Set<Object> parallelLoaders;

    private final MethodTypeTable methodTypes;

    /**
     * @param classes that are to get the {@code hashes} at the same places
     * @throws IllegalStateException if this JDK is not known
     */
    @SuppressWarnings("unchecked")
    TablesOfClasses(List<Class<?>> classes, List<Integer> hashes) {
        methodTypes = new MethodTypeTable(
                Objects.requireNonNull(DeclaredFields.staticValue(MethodType.class, "internTable")), classes, hashes);
        addMap(DeclaredFields.staticValue(Lookup.class, "LOOKASIDE_TABLE"));
        addMap(DeclaredFields.staticValue(
                HashTables.named("jdk.internal.loader.BootLoader"), "CLASS_LOADER_VALUE_MAP"));
        for (ClassLoader loader : loaders(classes)) {
            addMap(UNSAFE.getReference(loader, DeclaredFields.offset(ClassLoader.class, "classLoaderValueMap")));
            addPermissions(loader);
        }
        Class<?> reflection = HashTables.named("jdk.internal.reflect.Reflection");
        addConstant(DeclaredFields.staticValue(reflection, "fieldFilterMap"));
        addConstant(DeclaredFields.staticValue(reflection, "methodFilterMap"));
        Field leaves = DeclaredFields.ofClass(
                HashTables.named("jdk.internal.reflect.ReflectionFactory"), "nonSerializableLeafClasses");
        if (leaves != null) {
            addConstant(DeclaredFields.staticValue(leaves));
        }
        Class<?> records = HashTables.named("java.lang.runtime.ObjectMethods");
        if (!UNSAFE.shouldBeInitialized(records)) {
            addMap(DeclaredFields.staticValue(records, "primitiveEquals"));
            addMap(DeclaredFields.staticValue(records, "primitiveHashers"));
            addMap(DeclaredFields.staticValue(records, "primitiveToString"));
        }
        parallelLoaders = (Set<Object>) Objects.requireNonNull(
                DeclaredFields.staticValue(HashTables.named("java.lang.ClassLoader$ParallelLoaders"), "loaderTypes"));
    }

    @SuppressWarnings("unchecked")
    private void addMap(@Nullable Object map) {
        if (map != null) {
            maps.add((Map<Object, Object>) map);
        }
    }

    private void addConstant(@Nullable Object constant) {
        if (constant instanceof HashMap) {
            addMap(constant);
        } else if (constant != null) {
            constants.add(constant);
        }
    }

    /** Up to JDK 23 the domains of the classes on the class path hold permissions by their class. */
    private void addPermissions(ClassLoader loader) {
        if (loader instanceof SecureClassLoader) {
            Object domains = UNSAFE.getReference(loader, DeclaredFields.offset(SecureClassLoader.class, "pdcache"));
            for (Object domain : ((Map<?, ?>) Objects.requireNonNull(domains)).values()) {
                Object held = ((ProtectionDomain) domain).getPermissions();
                Field wrapped = held == null ? null : field(DeclaredFields.ofInstances(held.getClass()), "perms");
                if (wrapped != null) {
                    held = UNSAFE.getReference(held, UNSAFE.objectFieldOffset(wrapped));
                }
                if (held instanceof Permissions) {
                    addMap(UNSAFE.getReference(held, DeclaredFields.offset(Permissions.class, "permsMap")));
                }
            }
        }
    }

    private static Set<ClassLoader> loaders(List<Class<?>> classes) {
        Set<ClassLoader> loaders = Collections.newSetFromMap(new IdentityHashMap<>());
        loaders.add(ClassLoader.getPlatformClassLoader());
        loaders.add(ClassLoader.getSystemClassLoader());
        for (Class<?> type : classes) {
            if (type.getClassLoader() != null) {
                loaders.add(type.getClassLoader());
            }
        }
        return loaders;
    }

    /** To be called before the first hash changes. */
    void prepare() {
        methodTypes.addPlaces();
    }

    /** Puts the tables in order, first the one that may lack nothing. */
    void rehash() {
        methodTypes.removeOthers();
        constants.forEach(TablesOfClasses::refillConstant);
        synchronized (parallelLoaders) {
            Object[] types = parallelLoaders.toArray();
            parallelLoaders.clear();
            Collections.addAll(parallelLoaders, types);
        }
        maps.forEach(TablesOfClasses::refill);
    }

    /** In place, since compiled code and fields that are final may hold it. One or two elements are not in a table. */
    private static void refillConstant(Object constant) {
        Object ordered = constant instanceof Map<?, ?> map
                ? Map.ofEntries(map.entrySet().toArray(Map.Entry<?, ?>[]::new))
                : Set.of(((Set<?>) constant).toArray());
        String tableName = constant instanceof Map ? "table" : "elements";
        Field table = field(DeclaredFields.ofInstances(constant.getClass()), tableName);
        if (table != null) {
            long offset = UNSAFE.objectFieldOffset(table);
            Object[] elements = (Object[]) UNSAFE.getReference(ordered, offset);
            System.arraycopy(elements, 0, UNSAFE.getReference(constant, offset), 0, elements.length);
        }
    }

    private static void refill(Map<Object, Object> map) {
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Map.Entry<Object, Object> entry : map.entrySet()) {
            keys.add(entry.getKey());
            values.add(entry.getValue());
        }
        map.clear();
        for (int index = 0; index < keys.size(); index++) {
            map.put(keys.get(index), values.get(index));
        }
    }

    private static @Nullable Field field(List<Field> fields, String name) {
        for (Field field : fields) {
            if (field.getName().equals(name)) {
                return field;
            }
        }
        return null;
    }
}
