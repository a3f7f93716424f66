package dev.ingot.agent.weave;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.util.CheckClassAdapter;

/**
 * A jar whose classes are woven and verified, by ASM and by the JVM that defines them in a loader of their own; none of their code
 * runs.
 */
final class WovenJar implements ClassHierarchy {
    private static final String OBJECT = "java/lang/Object";
    private static final int OLDEST_JDK = 17;

    private final Map<String, byte[]> classFiles;
    private final ClassLoader libraries;

    private WovenJar(Map<String, byte[]> classFiles, ClassLoader libraries) {
        this.classFiles = classFiles;
        this.libraries = libraries;
    }

    /** Reads a jar; {@code libraries} finds what its classes refer to. */
    static WovenJar read(Path jar, ClassLoader libraries) throws IOException {
        Map<String, byte[]> classFiles = new HashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().filter(WovenJar::holdsClass).toList()) {
                String name = entry.getName();
                try (InputStream stream = zip.getInputStream(entry)) {
                    classFiles.put(name.substring(0, name.length() - ".class".length()), stream.readAllBytes());
                }
            }
        }
        return new WovenJar(classFiles, libraries);
    }

    private static boolean holdsClass(ZipEntry entry) {
        String name = entry.getName();
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("-info.class");
    }

    int size() {
        return classFiles.size();
    }

    /** What ASM or the JVM says of each class that it takes as it is and refuses when it is woven. */
    List<String> objections(WeaveRequest request) {
        Map<String, byte[]> woven = new ConcurrentHashMap<>();
        classFiles.entrySet().parallelStream()
                .forEach(entry -> woven.put(entry.getKey(), woven(entry.getValue(), request)));
        List<String> objections = Collections.synchronizedList(new ArrayList<>());
        if (Runtime.version().feature() == OLDEST_JDK) {
            addMistakes(woven, objections);
        }
        addRefusals(woven, objections);
        return objections;
    }

    /** It takes the most time, and ASM says the same on every JVM, so one of them asks it. */
    private void addMistakes(Map<String, byte[]> woven, List<String> mistakes) {
        woven.entrySet().parallelStream().forEach(entry -> {
            byte[] original = Objects.requireNonNull(classFiles.get(entry.getKey()));
            if (entry.getValue() != original) {
                addMistake(entry.getKey(), original, entry.getValue(), mistakes);
            }
        });
    }

    private byte[] woven(byte[] classFile, WeaveRequest request) {
        WovenClass woven = new Weaver(this).weave(classFile, request);
        return woven == null ? classFile : woven.bytes();
    }

    private static void addMistake(String name, byte[] original, byte[] woven, List<String> mistakes) {
        String mistake = mistakeIn(woven);
        if (mistake != null && mistakeIn(original) == null) {
            mistakes.add(name + ": " + mistake);
        }
    }

    /** What ASM objects to, which needs no class but this one; the JVM looks at how they fit together. */
    private static @Nullable String mistakeIn(byte[] classFile) {
        try {
            new ClassReader(classFile).accept(new CheckClassAdapter(new ClassNode(), true), 0);
            return null;
        } catch (IllegalArgumentException | IllegalStateException objection) {
            return objection.toString();
        }
    }

    private void addRefusals(Map<String, byte[]> woven, List<String> refusals) {
        Loader wovenLoader = new Loader(woven);
        Loader plain = new Loader(classFiles);
        for (String name : woven.keySet()) {
            String refusal = wovenLoader.refusalOf(name);
            if (refusal != null && plain.refusalOf(name) == null) {
                refusals.add(name + ": " + refusal);
            }
        }
        if (wovenLoader.linked == 0 && !woven.isEmpty()) {
            throw new IllegalStateException("no class of the jar could be linked");
        }
    }

    @Override
    public String commonSuperClass(String first, String second) {
        Set<String> ancestors = new HashSet<>();
        for (String name = first; ancestors.add(name); ) {
            name = superName(name);
        }
        String name = second;
        while (!ancestors.contains(name)) {
            name = superName(name);
        }
        return name;
    }

    private String superName(String name) {
        byte[] classFile = classFiles.get(name);
        if (classFile == null) {
            return superNameOutside(name);
        }
        ClassReader reader = new ClassReader(classFile);
        boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
        return isInterface ? OBJECT : reader.getSuperName();
    }

    private String superNameOutside(String name) {
        try {
            Class<?> superclass =
                    Class.forName(name.replace('/', '.'), false, libraries).getSuperclass();
            return superclass == null ? OBJECT : superclass.getName().replace('.', '/');
        } catch (ClassNotFoundException | LinkageError e) {
            // The jar has classes for libraries that are not there; its own loader falls back likewise.
            return OBJECT;
        }
    }

    private final class Loader extends ClassLoader {
        private final Map<String, byte[]> defined;
        private int linked;

        Loader(Map<String, byte[]> defined) {
            super(libraries);
            this.defined = defined;
        }

        /** What the verifier objects to, or {@code null}; a class that lacks another one cannot be verified at all. */
        @Nullable String refusalOf(String name) {
            try {
                Class<?> type = Class.forName(name.replace('/', '.'), false, this);
                // Asking for its methods links the class without initialising it.
                Objects.requireNonNull(type.getDeclaredMethods());
                linked++;
                return null;
            } catch (VerifyError | ClassFormatError e) {
                return e.toString();
            } catch (ClassNotFoundException | LinkageError e) {
                return null;
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] classFile = defined.get(name.replace('.', '/'));
                return classFile == null
                        ? super.loadClass(name, resolve)
                        : defineClass(name, classFile, 0, classFile.length);
            }
        }
    }
}
