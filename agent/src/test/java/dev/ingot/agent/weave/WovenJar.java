package dev.ingot.agent.weave;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/** A jar whose classes are woven, defined in a loader of their own and verified by the JVM; none of their code runs. */
final class WovenJar implements ClassHierarchy {
    private static final String OBJECT = "java/lang/Object";

    private final Map<String, byte[]> classFiles;

    private WovenJar(Map<String, byte[]> classFiles) {
        this.classFiles = classFiles;
    }

    static WovenJar read(Path jar) throws IOException {
        Map<String, byte[]> classFiles = new HashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().filter(WovenJar::holdsClass).toList()) {
                String name = entry.getName();
                try (InputStream stream = zip.getInputStream(entry)) {
                    classFiles.put(name.substring(0, name.length() - ".class".length()), stream.readAllBytes());
                }
            }
        }
        return new WovenJar(classFiles);
    }

    private static boolean holdsClass(ZipEntry entry) {
        String name = entry.getName();
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("-info.class");
    }

    int size() {
        return classFiles.size();
    }

    /** What the JVM says of each class that it takes as it is and refuses when it is woven. */
    List<String> refusals(WeaveRequest request) {
        List<String> refusals = new ArrayList<>();
        Loader woven = new Loader(request);
        Loader plain = new Loader(null);
        for (String name : classFiles.keySet()) {
            String refusal = woven.refusalOf(name);
            if (refusal != null && plain.refusalOf(name) == null) {
                refusals.add(name + ": " + refusal);
            }
        }
        if (woven.members == 0 && !classFiles.isEmpty()) {
            throw new IllegalStateException("no class of the jar could be linked");
        }
        return refusals;
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

    private static String superNameOutside(String name) {
        try {
            Class<?> superclass = Class.forName(name.replace('/', '.'), false, WovenJar.class.getClassLoader())
                    .getSuperclass();
            return superclass == null ? OBJECT : superclass.getName().replace('.', '/');
        } catch (ClassNotFoundException | LinkageError e) {
            // The jar has classes for libraries that are not there; its own loader falls back likewise.
            return OBJECT;
        }
    }

    private final class Loader extends ClassLoader {
        private final @Nullable WeaveRequest request;
        /** Of the classes that could be linked, which are members too. */
        private int members;

        Loader(@Nullable WeaveRequest request) {
            super(WovenJar.class.getClassLoader());
            this.request = request;
        }

        /** What the verifier objects to, or {@code null}; a class that lacks another one cannot be verified at all. */
        @Nullable String refusalOf(String name) {
            try {
                // Asking for the methods links the class without initialising it.
                members +=
                        1 + Class.forName(name.replace('/', '.'), false, this).getDeclaredMethods().length;
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
                byte[] classFile = classFiles.get(name.replace('.', '/'));
                if (classFile == null) {
                    return super.loadClass(name, resolve);
                }
                byte[] woven = woven(classFile);
                return defineClass(name, woven, 0, woven.length);
            }
        }

        private byte[] woven(byte[] classFile) {
            WovenClass woven = request == null ? null : new Weaver(WovenJar.this).weave(classFile, request);
            return woven == null ? classFile : woven.bytes();
        }
    }
}
