package dev.ingot.runtime;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which classes may stand above one whose constructor is re-entered. The constructor is called again on a placeholder, which
 * is dropped, so none of its superclasses' constructors may do anything that could be noticed: those of the program are woven to
 * do nothing then, and of the JDK only these are called, with empty strings, zeros and nulls.
 */
public final class Superclasses {
    private static final String NONE = "()V";

    private static final Map<String, String> OTHERS = Map.ofEntries(
            // Without a name it would take the next number of the threads that have none.
            Map.entry("java/lang/Thread", "(Ljava/lang/String;)V"),
            Map.entry("java/lang/Enum", "(Ljava/lang/String;I)V"),
            Map.entry("java/lang/ref/WeakReference", "(Ljava/lang/Object;)V"),
            Map.entry("java/lang/ref/SoftReference", "(Ljava/lang/Object;)V"),
            Map.entry("java/io/FilterInputStream", "(Ljava/io/InputStream;)V"),
            Map.entry("java/io/FilterOutputStream", "(Ljava/io/OutputStream;)V"),
            Map.entry("java/io/DataInputStream", "(Ljava/io/InputStream;)V"),
            Map.entry("java/io/DataOutputStream", "(Ljava/io/OutputStream;)V"));

    /** Separated by spaces; every one has a constructor without parameters, and those of its superclasses have no effect. */
    private static final String PLAIN = " java/lang/Object java/lang/Record java/lang/Number java/lang/ThreadLocal"
            + " java/lang/InheritableThreadLocal java/lang/ClassLoader java/security/SecureClassLoader"
            + " java/lang/Throwable java/lang/Exception java/lang/Error java/lang/RuntimeException"
            + " java/lang/IllegalArgumentException java/lang/IllegalStateException java/lang/SecurityException"
            + " java/lang/ArithmeticException java/lang/IndexOutOfBoundsException java/lang/NullPointerException"
            + " java/lang/UnsupportedOperationException java/lang/ClassNotFoundException java/lang/NumberFormatException"
            + " java/lang/AssertionError java/lang/LinkageError java/lang/InterruptedException"
            + " java/io/IOException java/io/EOFException java/io/FileNotFoundException java/sql/SQLException"
            + " java/util/NoSuchElementException java/util/concurrent/CancellationException"
            + " java/io/InputStream java/io/OutputStream java/io/Reader java/io/Writer"
            + " java/io/ByteArrayOutputStream java/io/CharArrayWriter java/io/StringWriter"
            + " java/util/AbstractCollection java/util/AbstractList java/util/AbstractSequentialList"
            + " java/util/AbstractMap java/util/AbstractSet java/util/AbstractQueue java/util/ArrayDeque"
            + " java/util/ArrayList java/util/LinkedList java/util/Vector java/util/Stack java/util/PriorityQueue"
            + " java/util/HashMap java/util/LinkedHashMap java/util/TreeMap java/util/WeakHashMap"
            + " java/util/IdentityHashMap java/util/Hashtable java/util/Properties java/util/Dictionary"
            + " java/util/HashSet java/util/LinkedHashSet java/util/TreeSet java/util/BitSet"
            + " java/util/Observable java/util/TimerTask java/util/ResourceBundle java/util/ListResourceBundle"
            + " java/util/concurrent/ConcurrentHashMap java/util/concurrent/ConcurrentLinkedQueue"
            + " java/util/concurrent/AbstractExecutorService java/util/concurrent/ForkJoinTask"
            + " java/util/concurrent/RecursiveAction java/util/concurrent/RecursiveTask"
            + " java/util/concurrent/CountedCompleter java/util/concurrent/CompletableFuture"
            + " java/util/concurrent/locks/AbstractOwnableSynchronizer"
            + " java/util/concurrent/locks/AbstractQueuedSynchronizer java/util/concurrent/locks/ReentrantLock"
            + " java/util/concurrent/atomic/AtomicInteger java/util/concurrent/atomic/AtomicLong"
            + " java/util/concurrent/atomic/AtomicBoolean java/util/concurrent/atomic/AtomicReference"
            + " java/text/Format java/text/NumberFormat java/text/DateFormat java/net/URLStreamHandler"
            + " java/util/logging/Handler java/util/logging/Formatter ";

    private Superclasses() {}

    /**
     * The constructor of a class of the JDK that has no effect.
     *
     * @param jdkClass internal name
     * @return its descriptor, or null if none is known
     */
    public static @Nullable String constructorOf(String jdkClass) {
        String other = OTHERS.get(jdkClass);
        if (other != null) {
            return other;
        }
        return PLAIN.contains(" " + jdkClass + " ") ? NONE : null;
    }

    /** Says why a constructor of {@code type} cannot be re-entered; null if it can. */
    static @Nullable String obstacle(Class<?> type) {
        if (hasFinalizer(type)) {
            return type.getName() + " has a finalizer, which a repeated construction would run";
        }
        for (Class<?> above = type.getSuperclass(); above != null; above = above.getSuperclass()) {
            String name = above.getName().replace('.', '/');
            if (isJdk(name)) {
                return constructorOf(name) == null
                        ? "the constructor of its superclass " + above.getName() + " cannot be repeated"
                        : null;
            }
            if (hasFinalizer(above)) {
                return above.getName() + " has a finalizer, which a repeated construction would run";
            }
            if (!SiteTable.knows(above)) {
                return "its superclass " + above.getName() + " is not woven";
            }
        }
        return null;
    }

    /** The superclasses of {@code type} up to the first of the JDK, and {@code type} itself: its constructors call each other. */
    static List<Class<?>> ofProgram(Class<?> type) {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> above = type;
                above != null && !isJdk(above.getName().replace('.', '/'));
                above = above.getSuperclass()) {
            // A hidden class is woven so from the beginning.
            if (!above.isHidden()) {
                classes.add(above);
            }
        }
        return classes;
    }

    private static boolean hasFinalizer(Class<?> type) {
        try {
            Method finalizer = type.getDeclaredMethod("finalize");
            return finalizer.getReturnType() == void.class;
        } catch (NoSuchMethodException e) {
            return false;
        } catch (NoClassDefFoundError unknown) {
            // A type that a method names is missing, so the methods cannot be listed.
            return true;
        }
    }

    private static boolean isJdk(String internalName) {
        return internalName.startsWith("java/")
                || internalName.startsWith("jdk/internal/")
                || internalName.startsWith("sun/");
    }
}
