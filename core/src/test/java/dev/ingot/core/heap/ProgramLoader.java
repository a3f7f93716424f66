package dev.ingot.core.heap;

import java.util.HashMap;
import java.util.Map;

/** A class loader of a program: defines classes from bytes it was given, once each. */
public class ProgramLoader extends ClassLoader {
    private final Map<String, byte[]> files = new HashMap<>();
    private int definitions;

    public ProgramLoader(String name, ClassLoader parent) {
        super(name, parent);
    }

    public ProgramLoader add(String name, byte[] file) {
        files.put(name, file);
        return this;
    }

    /** How many classes it has defined by itself. */
    public int definitions() {
        return definitions;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file = files.get(name);
        if (file == null) {
            throw new ClassNotFoundException(name);
        }
        definitions++;
        return defineClass(name, file, 0, file.length);
    }
}
