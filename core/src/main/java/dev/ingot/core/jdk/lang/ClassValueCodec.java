package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Class values with what they have associated with classes, which the JVM keeps with the classes. */
final class ClassValueCodec implements ObjectCodec<ClassValue<?>> {
    private static final int HASH = 0;
    private static final int CLASSES = 1;
    private static final int VALUES = 2;

    private static final String NAME = "java.lang.ClassValue";
    private static final Slot HASH_FIELD = Slot.of(ClassValue.class, "hashCodeForCache");
    private static final Slot IDENTITY_FIELD = Slot.of(ClassValue.class, "identity");
    private static final Slot VERSION_FIELD = Slot.of(ClassValue.class, "version");
    private static final Slot MAP_FIELD = Slot.of(Class.class, "classValueMap");

    private final List<Class<?>> loaded;

    /** {@code loaded} are the classes whose associations can be carried; a codec that only restores needs none. */
    ClassValueCodec(List<Class<?>> loaded) {
        this.loaded = loaded;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return ClassValue.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ClassValue.class;
    }

    @Override
    public @Nullable Object[] capture(ClassValue<?> values) {
        Object identity = IDENTITY_FIELD.get(values);
        Class<?> entries = JdkClass.of(NAME + "$Entry");
        Slot value = Slot.of(entries, "value");
        List<Object> classes = new ArrayList<>();
        List<@Nullable Object> associated = new ArrayList<>();
        for (Class<?> type : loaded) {
            // While a value is computed something else stands there, or an entry that holds itself.
            Object entry = MAP_FIELD.get(type) instanceof Map<?, ?> map ? map.get(identity) : null;
            if (entries.isInstance(entry) && value.get(entry) != entry) {
                classes.add(type);
                associated.add(value.get(entry));
            }
        }
        return new @Nullable Object[] {HASH_FIELD.get(values), classes.toArray(), associated.toArray()};
    }

    @Override
    public void restore(ClassValue<?> values, @Nullable Object[] state) throws NotRestorableException {
        Parts parts = new Parts("class value", state);
        Class<?> versions = JdkClass.of(NAME + "$Version");
        Object identity =
                HiddenMethod.constructor(JdkClass.of(NAME + "$Identity")).make();
        Object version = HiddenMethod.constructor(versions, ClassValue.class).make(values);
        HASH_FIELD.put(values, parts.get(HASH, Integer.class));
        IDENTITY_FIELD.put(values, identity);
        VERSION_FIELD.put(values, version);
        HiddenMethod mapOf = HiddenMethod.of(ClassValue.class, "getMap", Class.class);
        HiddenMethod entryOf = HiddenMethod.of(ClassValue.class, "makeEntry", versions, Object.class);
        Class<?>[] classes = parts.classes(CLASSES);
        Object[] associated = parts.get(VALUES, Object[].class);
        for (int index = 0; index < classes.length; index++) {
            Object map = Objects.requireNonNull(mapOf.call(null, classes[index]));
            put(map, identity, Objects.requireNonNull(entryOf.call(null, version, associated[index])));
        }
    }

    /** As its methods do; others may ask for other values of the class already. */
    @SuppressWarnings("unchecked") // a map from identities to entries
    private static void put(Object map, Object identity, Object entry) {
        synchronized (map) {
            ((Map<Object, Object>) map).put(identity, entry);
        }
    }
}
