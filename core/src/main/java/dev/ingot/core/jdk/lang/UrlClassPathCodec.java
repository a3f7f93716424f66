package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import jdk.internal.loader.URLClassPath;
import org.jspecify.annotations.Nullable;

/** The class path of a URL class loader: its URLs, all of them unopened. */
final class UrlClassPathCodec implements ObjectCodec<URLClassPath> {
    private static final int URLS = 0;
    private static final int JAR_HANDLER = 1;
    private static final int CLOSED = 2;

    private static final Slot PATH = Slot.of(URLClassPath.class, "path");
    private static final Slot UNOPENED = Slot.of(URLClassPath.class, "unopenedUrls");
    private static final Slot LOADERS = Slot.of(URLClassPath.class, "loaders");
    private static final Slot LOADERS_BY_URL = Slot.of(URLClassPath.class, "lmap");
    private static final Slot JAR_HANDLER_FIELD = Slot.of(URLClassPath.class, "jarHandler");
    private static final Slot CLOSED_FIELD = Slot.of(URLClassPath.class, "closed");

    @Override
    public boolean accepts(Class<?> type) {
        return type == URLClassPath.class;
    }

    @Override
    public @Nullable Object[] capture(URLClassPath classPath) {
        @Nullable Object[] state = new @Nullable Object[CLOSED + 1];
        state[URLS] = PATH.get(classPath) instanceof List<?> urls ? urls.toArray() : new Object[0];
        state[JAR_HANDLER] = JAR_HANDLER_FIELD.get(classPath);
        state[CLOSED] = CLOSED_FIELD.get(classPath);
        return state;
    }

    @Override
    public void restore(URLClassPath classPath, @Nullable Object[] state) {
        ArrayList<URL> path = new ArrayList<>();
        if (state[URLS] instanceof Object[] urls) {
            for (Object url : urls) {
                path.add((URL) url);
            }
        }
        PATH.put(classPath, path);
        UNOPENED.put(classPath, new ArrayDeque<>(path));
        LOADERS.put(classPath, new ArrayList<>());
        LOADERS_BY_URL.put(classPath, new HashMap<>());
        JAR_HANDLER_FIELD.put(classPath, state[JAR_HANDLER]);
        CLOSED_FIELD.put(classPath, state[CLOSED]);
    }

    /** Before a loader is asked for a class that no image holds. */
    @Override
    public int order() {
        return RestoreOrder.CLASS_PATH;
    }
}
