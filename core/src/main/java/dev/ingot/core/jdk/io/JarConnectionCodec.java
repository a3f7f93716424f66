package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.net.JarURLConnection;
import java.net.URLConnection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connections to entries of jars. Earlier JDKs have in the class of their own what the public class has too, and use that; later ones have it
 * in the public class alone.
 */
final class JarConnectionCodec implements ObjectCodec<JarURLConnection> {
    private static final String TYPE = "sun.net.www.protocol.jar.JarURLConnection";
    private static final String[] MOVED = {"jarFileURL", "entryName", "jarFileURLConnection"};
    private static final int OWN = 0;
    private static final int OF_JARS = 1;
    private static final int OF_ALL = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public @Nullable Object[] capture(JarURLConnection connection) {
        @Nullable Object[] ofJars = NamedFields.of(connection, JarURLConnection.class);
        for (int i = 0; i + 1 < ofJars.length; i += 2) {
            Slot own = Slot.find(connection.getClass(), String.valueOf(ofJars[i]));
            if (own != null) {
                ofJars[i + 1] = own.get(connection);
            }
        }
        return new @Nullable Object[] {
            NamedFields.of(connection, connection.getClass()), ofJars, NamedFields.of(connection, URLConnection.class)
        };
    }

    @Override
    public void restore(JarURLConnection connection, @Nullable Object[] state) {
        NamedFields.set(connection, URLConnection.class, pairs(state[OF_ALL]));
        NamedFields.set(connection, JarURLConnection.class, pairs(state[OF_JARS]));
        NamedFields.set(connection, connection.getClass(), pairs(state[OWN]));
        for (String name : MOVED) {
            Slot own = Slot.find(connection.getClass(), name);
            if (own != null) {
                own.put(connection, Slot.of(JarURLConnection.class, name).get(connection));
            }
        }
    }

    private static @Nullable Object[] pairs(@Nullable Object state) {
        return (Object[]) Objects.requireNonNull(state);
    }
}
