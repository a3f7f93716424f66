package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.OtherAgents;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * What modules were granted while the program ran, by {@link Module#addReads}, {@link Module#addExports}, {@link Module#addOpens}
 * and {@link Module#addUses}: the JVM's launcher brings back only what command line and module descriptors say.
 */
final class ModuleGrants implements StatePart {
    private static final String GRANTS = "java.lang.Module$ReflectionData";
    private static final String PAIR = "java.lang.WeakPairMap$Pair$Weak";

    private static final String READS = "reads";
    private static final String EXPORTS = "exports";
    private static final String OPENS = "opens";
    private static final String USES = "uses";
    private static final int FIELDS = 4;

    /** Stand for modules that are no objects of the heap but mean all modules of a kind. */
    private static final String EVERYONE = "EVERYONE_MODULE";

    private static final String ALL_UNNAMED = "ALL_UNNAMED_MODULE";

    @Override
    public String name() {
        return "module-grants";
    }

    @Override
    public @Nullable Object capture() {
        if (!JdkClass.isInitialized(GRANTS)) {
            return null;
        }
        List<Object> grants = new ArrayList<>();
        for (Grant<?> grant : of(READS)) {
            add(grants, READS, grant, "");
        }
        for (Grant<?> grant : of(EXPORTS)) {
            if (grant.value() instanceof Map<?, ?> packages) {
                packages.forEach((name, open) -> add(grants, Boolean.TRUE.equals(open) ? OPENS : EXPORTS, grant, name));
            }
        }
        for (Grant<?> grant : of(USES)) {
            add(grants, USES, grant, "");
        }
        return grants.isEmpty() ? null : grants.toArray();
    }

    private static void add(List<Object> grants, String kind, Grant<?> grant, Object packageName) {
        Object to = nameOrObject(grant.to());
        if (isOfProgram(grant.from()) && to != null && !(isOfJdk(grant.from()) && isOfJdk(grant.to()))) {
            Object from = isOfJdk(grant.from()) ? grant.from().getName() : grant.from();
            grants.addAll(List.of(kind, from, to, packageName));
        }
    }

    /** How an image can have what a grant is to; null if it cannot or need not. Modules of the JDK are not in every version, so they are known by name. */
    private static @Nullable Object nameOrObject(Object to) {
        if (to instanceof Class<?> service) {
            return isOfProgram(service.getModule()) ? service : null;
        }
        if (to == constant(EVERYONE)) {
            return EVERYONE;
        }
        if (to == constant(ALL_UNNAMED)) {
            return ALL_UNNAMED;
        }
        if (to instanceof Module module && isOfProgram(module)) {
            return isOfJdk(module) ? module.getName() : module;
        }
        return null;
    }

    /** Modules that the JDK makes for proxies are made anew; Ingot and other agents have their own. */
    private static boolean isOfProgram(Module module) {
        ClassLoader loader = module.getClassLoader();
        return module.isNamed()
                ? module.getLayer() == ModuleLayer.boot()
                : loader != null && loader != ModuleGrants.class.getClassLoader() && !OtherAgents.own(loader);
    }

    private static boolean isOfJdk(Object end) {
        Module module = end instanceof Class<?> service ? service.getModule() : (Module) end;
        ClassLoader loader = module.getClassLoader();
        return module.isNamed() && (loader == null || loader == ClassLoader.getPlatformClassLoader());
    }

    private static List<Grant<?>> of(String field) {
        List<Grant<?>> grants = new ArrayList<>();
        Object table = Slot.of(GRANTS, field).get(null);
        Slot map = Slot.of("java.lang.WeakPairMap", "map");
        Slot peer = Slot.of(PAIR, "peer");
        if (table != null && map.get(table) instanceof Map<?, ?> entries) {
            entries.forEach((pair, value) -> {
                Object from = ((Reference<?>) pair).get();
                Reference<?> second = peer.get(pair, Reference.class);
                Object to = second == null ? null : second.get();
                if (from instanceof Module module && to != null) {
                    grants.add(new Grant<>(module, to, value));
                }
            });
        }
        return grants;
    }

    private static Object constant(String field) {
        Object module = Slot.of(Module.class, field).get(null);
        if (module == null) {
            throw new IllegalStateException("cannot read Module." + field);
        }
        return module;
    }

    @Override
    public void restore(Object state) {
        Object[] grants = (Object[]) state;
        for (int i = 0; i + FIELDS <= grants.length; i += FIELDS) {
            Module from = module(grants[i + 1]);
            if (from != null) {
                grant((String) grants[i], from, grants[i + 2], (String) grants[i + 3]);
            }
        }
    }

    /** What an image has of a module; null for one of the JDK that this version lacks, in which nothing of the program can be. */
    private static @Nullable Module module(Object nameOrObject) {
        if (nameOrObject.equals(EVERYONE) || nameOrObject.equals(ALL_UNNAMED)) {
            return (Module) constant((String) nameOrObject);
        }
        return nameOrObject instanceof String name
                ? ModuleLayer.boot().findModule(name).orElse(null)
                : (Module) nameOrObject;
    }

    private static void grant(String kind, Module from, Object to, String packageName) {
        JavaLangAccess modules = SharedSecrets.getJavaLangAccess();
        if (to instanceof Class<?> service) {
            modules.addUses(from, service);
            return;
        }
        Module target = module(to);
        if (target == null) {
            return;
        }
        if (kind.equals(READS)) {
            modules.addReads(from, target);
        } else if (from.getPackages().contains(packageName)) {
            // Another version of a module may lack the package; nothing of the program can be in it then.
            if (kind.equals(OPENS)) {
                modules.addOpens(from, packageName, target);
            } else {
                modules.addExports(from, packageName, target);
            }
        }
    }

    /** One entry of the JDK's tables. */
    private record Grant<V>(Module from, Object to, V value) {}
}
