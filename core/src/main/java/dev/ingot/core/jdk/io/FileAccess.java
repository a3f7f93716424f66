package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.JdkClass;

/** The open flags of a file, in the platform's own numbers on one side and in words on the other. */
enum FileAccess {
    READ("O_RDONLY"),
    WRITE("O_WRONLY"),
    READ_WRITE("O_RDWR");

    private static final Class<?> CONSTANTS = JdkClass.of("sun.nio.fs.UnixConstants");
    private static final int ACCESS_MASK = 3;
    /** Flags that change how the open file behaves, as against how it is opened. */
    private static final String[] KEPT = {"O_APPEND", "O_SYNC", "O_DSYNC", "O_DIRECT"};

    private final String constant;

    FileAccess(String constant) {
        this.constant = constant;
    }

    static FileAccess of(int flags) {
        for (FileAccess access : values()) {
            if ((flags & ACCESS_MASK) == platform(access.constant)) {
                return access;
            }
        }
        throw new IllegalStateException("no access mode in open flags 0" + Integer.toOctalString(flags));
    }

    boolean writes() {
        return this != READ;
    }

    static boolean appends(int flags) {
        return (flags & platform("O_APPEND")) != 0;
    }

    /** The kept flags by name, space separated, so that they mean the same on another processor. */
    static String names(int flags) {
        StringBuilder names = new StringBuilder(of(flags).constant);
        for (String name : KEPT) {
            int bits = platform(name);
            if (bits != 0 && (flags & bits) == bits) {
                names.append(' ').append(name);
            }
        }
        return names.toString();
    }

    static int flags(String names) {
        int flags = 0;
        for (String name : names.split(" ", -1)) {
            flags |= platform(name);
        }
        return flags;
    }

    private static int platform(String constant) {
        try {
            var field = CONSTANTS.getDeclaredField(constant);
            field.setAccessible(true);
            return field.getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "cannot read sun.nio.fs.UnixConstants." + constant + " of JDK " + Runtime.version(), e);
        }
    }
}
