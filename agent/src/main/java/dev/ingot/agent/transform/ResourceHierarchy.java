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
 * Confined to one class being woven, whose own class file a loader need not have as a resource.
 */
final class ResourceHierarchy implements ClassHierarchy {
    private static final String OBJECT = "java/lang/Object";

    private final @Nullable ClassLoader loader;
    private final byte[] woven;
    private final Map<String, Header> headers = new HashMap<>();
    private boolean asked;
    private boolean guessed;

    /** What is known of a class. */
    private record Header(String superName, boolean isInterface, boolean isKnown) {
        static final Header UNKNOWN = new Header(OBJECT, false, false);

        static Header of(ClassReader reader) {
            boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
            String superName = reader.getSuperName();
            return new Header(isInterface || superName == null ? OBJECT : superName, isInterface, true);
        }
    }

    /** @param woven the class file of the class that is woven */
    ResourceHierarchy(@Nullable ClassLoader loader, byte[] woven) {
        this.loader = loader;
        this.woven = woven;
    }

    @Override
    public String commonSuperClass(String first, String second) {
        boolean known = true;
        Set<String> ancestors = new LinkedHashSet<>();
        for (String name = first; ancestors.add(name) && !name.equals(OBJECT); ) {
            Header header = header(name);
            known &= header.isKnown;
            name = header.superName;
        }
        String name = second;
        for (int depth = 0; !ancestors.contains(name) && depth < Short.MAX_VALUE; depth++) {
            Header header = header(name);
            known &= header.isKnown;
            name = header.superName;
        }
        guessed |= !known && name.equals(OBJECT);
        return name;
    }

    @Override
    public boolean isInterface(String name) {
        return header(name).isInterface;
    }

    @Override
    public boolean hasGuessed() {
        return guessed;
    }

    /** Whether what was woven depends on other classes, too. */
    boolean wasAsked() {
        return asked;
    }

    private Header header(String name) {
        if (!asked) {
            asked = true;
            ClassReader own = new ClassReader(woven);
            headers.put(own.getClassName(), Header.of(own));
        }
        Header header = headers.get(name);
        if (header == null) {
            header = name.equals(OBJECT) ? Header.UNKNOWN : read(name);
            headers.put(name, header);
        }
        return header;
    }

    private Header read(String name) {
        String resource = name + ".class";
        try (InputStream stream = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            return stream == null ? Header.UNKNOWN : Header.of(new ClassReader(stream.readAllBytes()));
        } catch (IOException | RuntimeException e) {
            // The loader may be the program's, and not be ready for questions yet: it does not know the class then.
            return Header.UNKNOWN;
        }
    }
}
