package dev.ingot.agent.transform;

import dev.ingot.agent.weave.ClassHierarchy;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/**
 * Reads superclasses from class files, found as resources of a class loader, so that no class is loaded out of turn.
 * Confined to one class being woven.
 */
final class ResourceHierarchy implements ClassHierarchy {
    private static final String OBJECT = "java/lang/Object";

    private final @Nullable ClassLoader loader;
    private final Map<String, String> superNames = new HashMap<>();
    private boolean asked;

    ResourceHierarchy(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public String commonSuperClass(String first, String second) {
        asked = true;
        Set<String> ancestors = new LinkedHashSet<>();
        for (String name = first; ancestors.add(name) && !name.equals(OBJECT); ) {
            name = superName(name);
        }
        String name = second;
        for (int depth = 0; !ancestors.contains(name) && depth < Short.MAX_VALUE; depth++) {
            name = superName(name);
        }
        return name;
    }

    /** Whether what was woven depends on other classes, too. */
    boolean wasAsked() {
        return asked;
    }

    private String superName(String name) {
        return name.equals(OBJECT) ? OBJECT : superNames.computeIfAbsent(name, this::readSuperName);
    }

    private String readSuperName(String name) {
        String resource = name + ".class";
        try (InputStream stream = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            if (stream == null) {
                return OBJECT;
            }
            ClassReader reader = new ClassReader(stream.readAllBytes());
            boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
            String superName = reader.getSuperName();
            return isInterface || superName == null ? OBJECT : superName;
        } catch (IOException e) {
            return OBJECT;
        }
    }
}
