package dev.ingot.core.jdk.state;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Files to delete when the JVM ends. */
final class FilesToDelete implements StatePart {
    private static final String HOLDER = "java.io.DeleteOnExitHook";

    @Override
    public String name() {
        return "files-to-delete";
    }

    @Override
    public @Nullable Object capture() throws NotCapturableException {
        if (!JdkClass.isInitialized(HOLDER)) {
            return null;
        }
        Object files = Slot.of(HOLDER, "files").get(null);
        if (files instanceof Collection<?> paths) {
            synchronized (JdkClass.of(HOLDER)) {
                return paths.toArray();
            }
        }
        throw ShutdownHooks.shuttingDown();
    }

    @Override
    public void restore(Object state) {
        HiddenMethod add = HiddenMethod.of(JdkClass.of(HOLDER), "add", String.class);
        for (Object path : (Object[]) state) {
            add.call(null, path);
        }
    }
}
