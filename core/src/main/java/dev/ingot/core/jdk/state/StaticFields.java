package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** Static fields of the JDK that hold what a program has installed or shares: handlers, factories, selectors. */
final class StaticFields implements StatePart {
    private static final String[][] FIELDS = {
        {"java.lang.Thread", "defaultUncaughtExceptionHandler"},
        {"java.net.Authenticator", "theAuthenticator"},
        {"java.net.CookieHandler", "cookieHandler"},
        {"java.net.DatagramSocket", "factory"},
        {"java.net.HttpURLConnection", "followRedirects"},
        {"java.net.ProxySelector", "theProxySelector"},
        {"java.net.ResponseCache", "theResponseCache"},
        {"java.net.ServerSocket", "factory"},
        {"java.net.Socket", "factory"},
        {"java.net.URL", "factory"},
        {"java.net.URLConnection", "defaultAllowUserInteraction"},
        {"java.net.URLConnection", "defaultUseCaches"},
        {"java.net.URLConnection", "factory"},
        {"java.net.URLConnection", "fileNameMap"},
        // The group of all asynchronous channels that were opened without one.
        {"sun.nio.ch.LinuxAsynchronousChannelProvider", "defaultPort"},
        {"javax.net.ssl.HttpsURLConnection", "defaultHostnameVerifier"},
        {"javax.net.ssl.HttpsURLConnection", "defaultSSLSocketFactory"}
    };

    /** Values of these types that came with the JDK are its defaults; the new JVM makes its own. */
    private static final List<String> DEFAULTED =
            List.of("theProxySelector", "fileNameMap", "defaultHostnameVerifier", "defaultSSLSocketFactory");

    @Override
    public String name() {
        return "static-fields";
    }

    @Override
    public Object capture() {
        List<Object> found = new ArrayList<>();
        for (String[] field : FIELDS) {
            if (JdkClass.isInitialized(field[0])) {
                addValue(found, field);
            }
        }
        return found.toArray();
    }

    @Override
    public void restore(Object state) {
        Object[] triples = (Object[]) state;
        for (int i = 0; i + 2 < triples.length; i += 3) {
            for (String[] field : FIELDS) {
                if (field[0].equals(triples[i]) && field[1].equals(triples[i + 1])) {
                    set(field, triples[i + 2]);
                }
            }
        }
    }

    private static void set(String[] field, Object value) {
        Class<?> holder = JdkClass.find(field[0]);
        Slot slot = holder == null ? null : Slot.find(holder, field[1]);
        if (slot != null) {
            Unsafe.getUnsafe().ensureClassInitialized(holder);
            slot.put(null, value);
        }
    }

    private static void addValue(List<Object> found, String[] field) {
        Slot slot = Slot.find(JdkClass.of(field[0]), field[1]);
        Object value = slot == null ? null : slot.get(null);
        if (value != null && !isDefault(field[1], value)) {
            found.add(field[0]);
            found.add(field[1]);
            found.add(value);
        }
    }

    private static boolean isDefault(String field, @Nullable Object value) {
        return value != null && DEFAULTED.contains(field) && JdkClass.isJdk(value.getClass());
    }
}
