package dev.ingot.core.crac;

import java.io.IOException;

/** Where class files are read from. */
@FunctionalInterface
public interface ClassFiles {

    /**
     * The bytes of a class.
     *
     * @param name with slashes, as in {@code jdk/crac/Core}
     * @throws IOException if there is no such class or it cannot be read
     */
    byte[] read(String name) throws IOException;
}
