package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which methods of the JDK are woven: those that block, and those that call back into the program for long.
 *
 * <p>Callbacks that are short by nature ({@code hashCode}, {@code equals}, a comparator under {@code TreeMap.get}) are left
 * alone: a thread in one is captured at its next poll outside.
 */
final class JdkMethods {

    /**
     * Classes of one kind.
     *
     * @param classes internal name; a trailing {@code *} stands for any rest
     * @param methods names separated by a space; {@code *} stands for any rest; a single {@code *} for all
     * @param prefix what the names of the classes begin with
     * @param order a rule comes before those of a higher one
     */
    private record Rule(String classes, String methods, String prefix, int order) {
        Rule(String classes, String methods) {
            this(classes, methods, isExact(classes) ? classes : classes.substring(0, classes.length() - 1), 0);
        }

        private static boolean isExact(String classes) {
            return !classes.endsWith("*");
        }

        boolean isExact() {
            return isExact(classes);
        }

        Rule inOrder(int place) {
            return new Rule(classes, methods, prefix, place);
        }

        boolean matchesMethod(String name) {
            int start = 0;
            while (start <= methods.length()) {
                int end = methods.indexOf(' ', start);
                if (end < 0) {
                    end = methods.length();
                }
                if (matches(methods.substring(start, end), name)) {
                    return true;
                }
                start = end + 1;
            }
            return false;
        }

        private static boolean matches(String pattern, String name) {
            return pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern);
        }
    }

    private static final List<Rule> RULES = List.of(
            // Threads and blocking.
            new Rule("java/lang/Thread", "run runWith join"),
            new Rule("java/lang/VirtualThread", "joinNanos"),
            new Rule("java/util/concurrent/locks/LockSupport", "park*"),
            new Rule("java/util/concurrent/TimeUnit", "sleep timedJoin timedWait"),
            new Rule(
                    "java/util/concurrent/ConcurrentHashMap*",
                    "forEach* compute* merge search* reduce* replaceAll exec doExec tryAdvance"),
            new Rule("java/util/concurrent/ConcurrentSkipList*", "forEach* compute* merge replaceAll tryAdvance"),
            new Rule("java/util/concurrent/CopyOnWrite*", "forEach* removeIf replaceAll sort"),
            new Rule(
                    "java/util/concurrent/atomic/*",
                    "getAndUpdate updateAndGet getAndAccumulate accumulateAndGet accumulate"),
            new Rule("java/util/concurrent/*", "*"),
            new Rule("java/util/TimerThread", "run mainLoop"),
            new Rule("java/lang/ref/ReferenceQueue", "remove* await*"),
            new Rule("jdk/internal/ref/CleanerImpl", "run"),
            // Calls that block in the kernel.
            new Rule("java/net/Socket", "connect"),
            new Rule("java/net/Socket$Socket*", "*"),
            new Rule("java/net/SocksSocketImpl", "connect superConnect*"),
            new Rule("java/net/DelegatingSocketImpl", "connect"),
            new Rule("java/net/ServerSocket", "accept implAccept platformImplAccept customImplAccept"),
            new Rule("java/net/DatagramSocket", "receive"),
            new Rule("sun/nio/ch/NioSocketImpl*", "*"),
            new Rule("sun/nio/ch/SocketChannelImpl", "*"),
            new Rule("sun/nio/ch/ServerSocketChannelImpl", "*"),
            new Rule("sun/nio/ch/DatagramChannelImpl", "*"),
            new Rule("sun/nio/ch/SourceChannelImpl", "*"),
            new Rule("sun/nio/ch/SinkChannelImpl", "*"),
            new Rule("sun/nio/ch/SelChImpl", "park"),
            new Rule("sun/nio/ch/SocketAdaptor*", "*"),
            new Rule("sun/nio/ch/ServerSocketAdaptor", "*"),
            new Rule("sun/nio/ch/DatagramSocketAdaptor", "*"),
            new Rule("sun/nio/ch/SocketInputStream", "*"),
            new Rule("sun/nio/ch/SocketOutputStream", "*"),
            new Rule("sun/nio/ch/ChannelInputStream", "*"),
            new Rule("sun/nio/ch/SelectorImpl", "*"),
            new Rule("sun/nio/ch/EPollSelectorImpl", "doSelect timedPoll untimedPoll"),
            // Completion handlers, and who waits for what they are told.
            new Rule("sun/nio/ch/SimpleAsynchronousFileChannelImpl$*", "run"),
            new Rule("sun/nio/ch/AsynchronousSocketChannelImpl", "*"),
            new Rule("sun/nio/ch/AsynchronousServerSocketChannelImpl", "*"),
            new Rule("sun/nio/ch/UnixAsynchronousSocketChannelImpl*", "*"),
            new Rule("sun/nio/ch/UnixAsynchronousServerSocketChannelImpl*", "*"),
            new Rule("sun/nio/ch/AsynchronousChannelGroupImpl*", "*"),
            new Rule("sun/nio/ch/Port", "*"),
            new Rule("sun/nio/ch/EPollPort$EventHandlerTask", "*"),
            new Rule("sun/nio/ch/ThreadPool", "defaultThreadFactory"),
            new Rule("sun/nio/ch/Invoker*", "*"),
            new Rule("sun/nio/ch/PendingFuture", "get"),
            // What reads from them, and from standard input.
            new Rule("java/io/FileInputStream", "read"),
            new Rule("java/lang/System$In", "*"),
            new Rule("java/io/BufferedInputStream", "*"),
            new Rule("java/io/DataInputStream", "*"),
            new Rule("java/io/FilterInputStream", "*"),
            new Rule("java/io/InputStream", "read* skip* transferTo"),
            new Rule("java/io/InputStreamReader", "*"),
            new Rule("java/io/FilterReader", "*"),
            new Rule("java/io/ObjectInputStream*", "*"),
            new Rule("java/io/ObjectOutputStream*", "*"),
            new Rule("java/io/PipedInputStream", "*"),
            new Rule("java/io/PipedOutputStream", "*"),
            new Rule("java/io/PipedReader", "*"),
            new Rule("java/io/PipedWriter", "*"),
            new Rule("java/io/PushbackInputStream", "*"),
            new Rule("java/io/PushbackReader", "*"),
            new Rule("java/io/SequenceInputStream", "*"),
            new Rule("java/io/StreamTokenizer", "*"),
            new Rule("java/util/zip/GZIPInputStream*", "*"),
            new Rule("java/util/zip/InflaterInputStream", "*"),
            new Rule("java/util/zip/ZipInputStream", "*"),
            new Rule("javax/crypto/CipherInputStream", "*"),
            new Rule("sun/security/ssl/SSLSocketImpl*", "*"),
            new Rule("sun/security/ssl/SSLSocketInputRecord", "*"),
            new Rule("sun/security/ssl/SSLSocketOutputRecord", "*"),
            new Rule("sun/security/ssl/SSLTransport", "*"),
            new Rule("java/nio/channels/Channels$*", "*"),
            new Rule("sun/net/www/http/*", "*"),
            new Rule("sun/net/www/protocol/http/HttpURLConnection*", "*"),
            new Rule("sun/net/www/protocol/https/*", "*"),
            new Rule("java/io/BufferedReader", "*"),
            new Rule("java/io/LineNumberReader", "*"),
            new Rule("java/io/Reader", "read* skip* transferTo"),
            new Rule("sun/nio/cs/StreamDecoder", "*"),
            new Rule("java/util/Scanner", "*"),
            // Events of AWT and Swing, and those who wait for them.
            new Rule("java/awt/EventQueue*", "*"),
            new Rule("java/awt/EventDispatchThread*", "*"),
            new Rule("java/awt/WaitDispatchSupport*", "*"),
            new Rule("java/awt/event/InvocationEvent", "*"),
            new Rule("java/security/ProtectionDomain$JavaSecurityAccessImpl", "*"),
            new Rule("javax/swing/SwingUtilities", "invoke*"),
            new Rule("javax/swing/Timer*", "*"),
            new Rule("sun/awt/PostEventQueue", "*"),
            new Rule("sun/awt/SunToolkit", "flushPendingEvents postEvent"),
            // Memory that no image has.
            new Rule("sun/misc/Unsafe", "allocateMemory reallocateMemory freeMemory"),
            // Queues of events.
            new Rule("sun/nio/fs/AbstractWatchService", "take poll"),
            // Listings of directories.
            new Rule("sun/nio/fs/UnixDirectoryStream$UnixDirectoryIterator", "readNextEntry"),
            new Rule("sun/nio/fs/UnixDirectoryStream", "closeImpl"),
            // Callbacks that take as long as the program likes.
            new Rule("java/util/stream/*", "*"),
            new Rule("java/util/function/*", "*"),
            new Rule("java/lang/Iterable", "forEach"),
            new Rule("java/nio/file/Files", "walkFileTree"),
            new Rule("java/util/Observable", "notifyObservers"),
            new Rule("java/util/Optional*", "if* map* filter flatMap or* stream"),
            new Rule("java/util/Iterator", "forEachRemaining"),
            new Rule("java/util/PrimitiveIterator*", "forEachRemaining"),
            new Rule("java/util/Spliterator*", "forEachRemaining tryAdvance trySplit"),
            new Rule("java/util/Spliterators*", "forEachRemaining tryAdvance trySplit hasNext next*"),
            new Rule("java/lang/StringLatin1$*", "forEachRemaining tryAdvance"),
            new Rule("java/lang/StringUTF16$*", "forEachRemaining tryAdvance"),
            new Rule("java/nio/CharBufferSpliterator", "forEachRemaining tryAdvance"),
            new Rule("java/nio/file/FileChannelLinesSpliterator", "forEachRemaining tryAdvance"),
            new Rule("jdk/internal/util/random/RandomSupport$*", "forEachRemaining tryAdvance"),
            new Rule("java/util/Collection", "removeIf"),
            new Rule("java/util/Arrays", "sort parallel* setAll legacyMergeSort mergeSort"),
            // A monitor that a stopped thread has left must not be taken by one that runs on into the JDK.
            new Rule("java/util/Collections$Synchronized*", "*"),
            new Rule("java/util/Vector*", "*"),
            new Rule("java/util/Stack", "*"),
            new Rule("java/util/Hashtable*", "*"),
            new Rule("java/util/TimSort", "*"),
            new Rule("java/util/ComparableTimSort", "*"),
            new Rule("java/util/Comparator*", "*"),
            new Rule("java/util/ServiceLoader*", "*"),
            new Rule("java/util/*", "forEach* removeIf replaceAll sort compute* merge tryAdvance trySplit"),
            new Rule("java/lang/ThreadLocal*", "initialValue setInitialValue"),
            new Rule("java/lang/ScopedValue$Carrier", "run* call*"),
            new Rule("jdk/internal/vm/ScopedValueContainer", "run* call* doRun doCall"),
            new Rule("java/lang/reflect/Method", "invoke"),
            new Rule("java/lang/reflect/Constructor", "newInstance*"),
            new Rule("java/security/AccessController", "doPrivileged* executePrivileged"));

    private static final String UTIL = "java/util/";
    /** The rules for one class, by its name, and those for many, in their order. */
    private static final Map<String, Rule> EXACT = new HashMap<>();

    private static final Rule[] UTIL_RULES = rules(true);
    private static final Rule[] OTHER_RULES = rules(false);
    private static final String[] OTHER_PLACES = places(OTHER_RULES);
    private static final Rule[] NO_RULES = {};

    /** Packages that only the JDK has; others, such as {@code javax}, are shared with libraries. */
    private static final String[] RESERVED = {"java/", "jdk/internal/", "sun/"};

    /** Parts of the JDK that run for long and call the program back, and are woven whole, like the program. */
    private static final String[] PROGRAM_LIKE = {
        "com/sun/jmx/",
        "com/sun/jndi/",
        "com/sun/org/apache/",
        "com/sun/xml/internal/stream/",
        "java/beans/",
        "java/rmi/",
        "javax/management/",
        "javax/script/",
        "javax/xml/",
        "org/xml/sax/",
        "jdk/xml/internal/",
        "jdk/internal/net/http/",
        "sun/net/httpserver/",
        "sun/rmi/",
        "com/sun/net/httpserver/"
    };

    private JdkMethods() {}

    /** Whether a class of the boot or platform loader is woven like a class of the program. */
    static boolean isProgramLike(String internalName) {
        for (String prefix : PROGRAM_LIKE) {
            if (internalName.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a class of this name can only belong to the JDK. */
    static boolean isJdk(String internalName) {
        for (String prefix : RESERVED) {
            if (internalName.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Whether some method of the class may be woven. */
    static boolean mayWeave(String internalName) {
        return ruleFor(internalName) != null;
    }

    /** Whether the method is woven; the first rule for its class decides. */
    static boolean isWoven(String internalName, String method) {
        if (internalName.startsWith("java/util/stream/") && method.equals("<init>")) {
            return false;
        }
        Rule rule = ruleFor(internalName);
        return rule != null && (rule.matchesMethod(method) || method.startsWith("lambda$"));
    }

    /** Asked for every class that is loaded, mostly by the interpreter: most rules name one class and need not be looked at. */
    private static @Nullable Rule ruleFor(String internalName) {
        Rule exact = EXACT.get(internalName);
        for (Rule rule : rulesAbout(internalName)) {
            if (exact != null && exact.order < rule.order) {
                return exact;
            }
            if (internalName.startsWith(rule.prefix)) {
                return rule;
            }
        }
        return exact;
    }

    private static Rule[] rulesAbout(String internalName) {
        if (internalName.startsWith(UTIL)) {
            return UTIL_RULES;
        }
        for (String place : OTHER_PLACES) {
            if (internalName.startsWith(place)) {
                return OTHER_RULES;
            }
        }
        return NO_RULES;
    }

    /** What the names of the classes that {@code rules} are about begin with, down to the second package. */
    private static String[] places(Rule[] rules) {
        List<String> places = new ArrayList<>();
        for (Rule rule : rules) {
            String place = rule.prefix.substring(0, rule.prefix.indexOf('/', rule.prefix.indexOf('/') + 1) + 1);
            if (!places.contains(place)) {
                places.add(place);
            }
        }
        return places.toArray(new String[0]);
    }

    /** Those of {@link #RULES} that are about one place and many classes. Without a stream, whose linkage would weave classes in turn. */
    private static Rule[] rules(boolean util) {
        List<Rule> rules = new ArrayList<>();
        int order = 0;
        for (Rule unplaced : RULES) {
            Rule rule = unplaced.inOrder(order++);
            if (rule.classes.startsWith(UTIL) != util) {
                continue;
            }
            if (rule.isExact()) {
                EXACT.putIfAbsent(rule.classes, rule);
            } else {
                rules.add(rule);
            }
        }
        return rules.toArray(new Rule[0]);
    }
}
