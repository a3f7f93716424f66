package dev.ingot.core.heap;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Classes of the JDK that have other fields in one version than in another. An object that has only what both know could be anything,
 * so it is refused where a class has lost some and got others, which means that it keeps what it knows in another way, and where it got a
 * reference that its constructors always set. The classes named here are exceptions; the sources of JDK 17 to 25 were compared.
 */
final class RebuiltClasses {
    /** What differs are caches, hints, what is made when it is missing or may be missing, and what a codec sets. */
    private static final Set<String> WORK_WITH_WHAT_IS_COMMON = Set.of(
            "java.io.PrintStream",
            "java.lang.ClassLoader",
            "java.lang.reflect.Executable",
            "java.math.BigInteger",
            "java.net.URLClassLoader",
            "java.nio.channels.spi.AbstractInterruptibleChannel",
            "java.text.DigitList",
            "java.time.format.DateTimeFormatterBuilder$LocalizedPrinterParser",
            "java.util.ServiceLoader",
            "java.util.ServiceLoader$ProviderImpl",
            "java.util.concurrent.LinkedTransferQueue",
            "java.util.logging.Handler",
            "java.util.regex.Matcher$ImmutableMatchResult",
            "jdk.internal.ref.PhantomCleanable",
            "sun.net.www.protocol.file.FileURLConnection",
            "sun.nio.cs.StreamEncoder");

    /** By class and field the other name of the same. */
    private static final Map<String, String> RENAMED = Map.of(
            "java.util.zip.ZipEntry.extraAttributes", "externalFileAttributes",
            "java.util.zip.ZipEntry.externalFileAttributes", "extraAttributes",
            "sun.net.www.http.ChunkedOutputStream.preferedHeaderSize", "preferredHeaderSize",
            "sun.net.www.http.ChunkedOutputStream.preferredHeaderSize", "preferedHeaderSize");

    private static final String ENCLOSING = "this$";
    /** Where there is none, the object's monitor is taken. */
    private static final String LOCK = "jdk.internal.misc.InternalLock";

    private RebuiltClasses() {}

    /**
     * Why an object of the class cannot do with what the image knows of it; null if it can.
     *
     * @param lost a field that the class has in the image and not here; null if there is none
     * @param got the fields that it has here and not in the image
     */
    static @Nullable String obstacle(Class<?> type, @Nullable String lost, Collection<Field> got) {
        if (type.getClassLoader() != null || WORK_WITH_WHAT_IS_COMMON.contains(type.getName()) || got.isEmpty()) {
            return null;
        }
        for (Field field : got) {
            if (isSetByConstructors(field)) {
                return "it has a field '" + field.getName() + "' that it had not";
            }
        }
        boolean another = false;
        for (Field field : got) {
            another |= !field.getName().startsWith(ENCLOSING);
        }
        return lost != null && another && !lost.startsWith(ENCLOSING)
                ? "it no longer has its field '" + lost + "' and keeps what it knows in another way"
                : null;
    }

    /** Later compilers leave out the enclosing object where nobody uses it, so that none is needed where it is kept. */
    private static boolean isSetByConstructors(Field field) {
        return Modifier.isFinal(field.getModifiers())
                && !field.getType().isPrimitive()
                && !field.getType().getName().equals(LOCK)
                && !field.getName().startsWith(ENCLOSING);
    }

    /** Whether objects of the class do without the field, which it has in the image and not here. */
    static boolean doWithout(Class<?> type, String lost) {
        return type.getClassLoader() == null
                && (lost.startsWith(ENCLOSING) || WORK_WITH_WHAT_IS_COMMON.contains(type.getName()));
    }

    /** The name that a field has in another version; the same for almost all. */
    static String otherName(Class<?> declaring, String field) {
        return RENAMED.getOrDefault(declaring.getName() + '.' + field, field);
    }
}
