package dev.ingot.core.heap;

import dev.ingot.core.jvm.BoundSpecies;
import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.StylesheetLoader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The classes of an image, found, made or defined as soon as what they need is there. */
final class ImageClasses {
    /**
     * Classes that not every JDK has or can make objects of, whose objects are plain ones there: of some nothing but the monitor is used,
     * and those of queues belong to threads that wait, which a resume leaves out or refuses.
     */
    private static final Set<String> STOOD_IN = Set.of(
            "java.lang.ref.ReferenceQueue$Lock",
            "jdk.internal.misc.InternalLock",
            "java.util.concurrent.LinkedTransferQueue$DualNode",
            "java.util.concurrent.SynchronousQueue$Transferer",
            "java.util.concurrent.SynchronousQueue$TransferQueue",
            "java.util.concurrent.SynchronousQueue$TransferQueue$QNode",
            "java.util.concurrent.SynchronousQueue$TransferStack",
            "java.util.concurrent.SynchronousQueue$TransferStack$SNode");

    private static final Class<?> STAND_IN = Object.class;

    private static final InvocationHandler UNUSED = (proxy, method, arguments) -> null;

    /** Where a class file holds its version. */
    private static final int MAJOR = 6;

    private static final int NEWEST = 44 + Runtime.version().feature();

    private final List<ImageClass> classes = new ArrayList<>();
    private final ObjectTable objects;
    private final RestoreListener listener;
    private final IntPredicate isBare;
    private final boolean ofOtherJdk;
    /** Those that are defined in class loaders, by name. */
    private final Map<String, List<ImageClass>> recorded = new HashMap<>();

    /**
     * @param isBare whether the object of an id has no fields to be filled
     * @param ofOtherJdk whether the image was taken on another feature version of the JDK
     */
    ImageClasses(ObjectTable objects, IntPredicate isBare, boolean ofOtherJdk, RestoreListener listener) {
        this.objects = objects;
        this.isBare = isBare;
        this.ofOtherJdk = ofOtherJdk;
        this.listener = listener;
    }

    int count() {
        return classes.size();
    }

    ImageClass get(int number) {
        return classes.get(number);
    }

    List<ImageClass> all() {
        return classes;
    }

    /** Takes the next class; those in loaders of the program wait until {@link #completeLate}. */
    void add(ImageClass added) {
        classes.add(added);
        if (added.kind == HeapStream.RECORDED_CLASS) {
            recorded.computeIfAbsent(added.name, absent -> new ArrayList<>(1)).add(added);
        }
        if (!isLate(added)) {
            complete(added);
        }
    }

    /** Tries the classes that are not there yet, supertypes first, but for those of proxies; whether any came. */
    boolean completeLate() {
        return completeLate(false);
    }

    /**
     * Tries the classes of dynamic proxies; whether any came. As soon as one is there it looks up all classes that the methods of its
     * interfaces name, and is lost if one of them is not there yet: so this is to be asked when no others come any more.
     */
    boolean completeProxies() {
        return completeLate(true);
    }

    private boolean completeLate(boolean proxies) {
        boolean progress = false;
        for (ImageClass late : classes) {
            boolean isProxy = late.kind == HeapStream.PROXY_CLASS;
            if (isProxy == proxies && late.type() == null && late.problem() == null) {
                complete(late);
                progress |= late.type() != null;
            }
        }
        return progress;
    }

    /** Whether there are classes to be defined in others than the JVM's own loaders. */
    boolean areDefinedInLoadersOfProgram() {
        return recorded.values().stream()
                .flatMap(List::stream)
                .anyMatch(
                        each -> each.type() == null && objects.get(each.loader) != ClassLoader.getSystemClassLoader());
    }

    /** The class of this name that the image defines in {@code loader}, or null. */
    @Nullable ImageClass recordedIn(ClassLoader loader, String name) {
        for (ImageClass each : recorded.getOrDefault(name, List.of())) {
            if (objects.get(each.loader) == loader) {
                return each;
            }
        }
        return null;
    }

    /** Lets classes that could not be made be tried again: their loaders may have what they need now. */
    void retryFailed() {
        for (ImageClass known : classes) {
            known.forgetProblem();
        }
    }

    /** Whether no class is still to come. One that this JVM lacks is missed only by objects of it. */
    boolean isComplete() {
        for (ImageClass known : classes) {
            if (known.type() == null && known.problem() == null) {
                return false;
            }
        }
        return true;
    }

    /** Says which classes never came although nothing is known to be wrong with them, at most {@code most}. */
    List<String> unresolved(int most) {
        return classes.stream()
                .filter(known -> known.type() == null && known.problem() == null)
                .limit(most)
                .map(known -> "class " + known.name + " waits for others that do not come")
                .toList();
    }

    /** Gives hidden classes the objects they were defined with. */
    void setClassData(IntFunction<@Nullable Object> objects) {
        for (ImageClass hidden : classes) {
            Class<?> type = hidden.type();
            if (hidden.kind == HeapStream.HIDDEN_CLASS && hidden.classData != 0 && type != null) {
                ClassAccess.setClassData(type, objects.apply(hidden.classData));
            }
        }
    }

    /** Whether nobody can have seen the class before. */
    static boolean isDefinedByImage(ImageClass type) {
        return type.kind == HeapStream.RECORDED_CLASS || type.kind == HeapStream.HIDDEN_CLASS;
    }

    /** A class in a loader of the program can only come once the loader's fields are set. */
    private boolean isLate(ImageClass added) {
        return added.kind == HeapStream.RECORDED_CLASS || (added.loader != 0 && !isBare.test(added.loader));
    }

    /** Tries to make the class. */
    void complete(ImageClass incomplete) {
        try {
            Class<?> type = make(incomplete);
            if (type == STAND_IN && STOOD_IN.contains(incomplete.name)) {
                incomplete.beStoodInForBy(type);
            } else if (type != null) {
                incomplete.become(type, isDefinedByImage(incomplete) || listener.mayReplaceHashes());
            }
        } catch (ClassNotFoundException absent) {
            boolean ofJdk = incomplete.kind == HeapStream.NAMED_CLASS && incomplete.loader == 0;
            incomplete.fail(
                    ofJdk
                            ? "JDK " + Runtime.version() + " has no class " + incomplete.name
                                    + "; resume on the JDK version the image was taken on"
                            : "cannot load class " + incomplete.name + ": " + absent);
        } catch (LinkageError | RuntimeException e) {
            incomplete.fail("cannot load class " + incomplete.name + ": " + e);
        }
    }

    private @Nullable Class<?> make(ImageClass made) throws ClassNotFoundException {
        Class<?>[] needed = new Class<?>[made.needed.length];
        for (int index = 0; index < needed.length; index++) {
            Class<?> type = classes.get(made.needed[index]).type();
            if (type == null) {
                return null;
            }
            needed[index] = type;
        }
        Object loader = made.loader == 0 ? null : objects.get(made.loader);
        if (made.loader != 0 && !(loader instanceof ClassLoader)) {
            return null;
        }
        return make(made, needed, (ClassLoader) loader);
    }

    private @Nullable Class<?> make(ImageClass made, Class<?>[] needed, @Nullable ClassLoader loader)
            throws ClassNotFoundException {
        return switch (made.kind) {
            case HeapStream.PRIMITIVE_CLASS -> primitive(made.flags);
            case HeapStream.ARRAY_CLASS -> needed[0].arrayType();
            case HeapStream.NAMED_CLASS -> find(made.name, loader);
            case HeapStream.PROXY_CLASS ->
                Proxy.newProxyInstance(loader, needed, UNUSED).getClass();
            case HeapStream.HIDDEN_CLASS ->
                ClassAccess.defineHidden(
                        needed[0],
                        made.name,
                        hiddenClassFile(made, needed[0]),
                        (made.flags & HeapStream.NESTMATE) != 0,
                        (made.flags & HeapStream.STRONG) != 0);
            default -> define(made, loader);
        };
    }

    private byte[] hiddenClassFile(ImageClass hidden, Class<?> host) {
        byte[] classFile = readableHere(
                listener.hiddenClass(hidden.name, hidden.bytes, (hidden.flags & HeapStream.INITIALIZED) != 0));
        return ofOtherJdk && isOfJdk(host) ? JdkLambdas.linkedTo(host, classFile) : classFile;
    }

    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private static Class<?> find(String name, @Nullable ClassLoader loader) throws ClassNotFoundException {
        if (loader == null) {
            BoundSpecies.makeIfSpecies(name);
        }
        boolean stoodIn = loader == null && STOOD_IN.contains(name);
        try {
            Class<?> found = Class.forName(name, false, loader);
            return stoodIn && Modifier.isAbstract(found.getModifiers()) ? STAND_IN : found;
        } catch (ClassNotFoundException absent) {
            String otherName = loader == null ? RenamedClasses.otherName(name) : null;
            if (otherName != null) {
                return Class.forName(otherName, false, null);
            }
            if (!stoodIn) {
                throw absent;
            }
            return STAND_IN;
        }
    }

    /**
     * The JDK gives the classes it spins its own version. Their host is a class of the program and has been loaded here, so
     * nothing of the program needs a newer one.
     */
    private static byte[] readableHere(byte[] classFile) {
        if (MAJOR + 1 >= classFile.length || version(classFile) <= NEWEST) {
            return classFile;
        }
        byte[] older = classFile.clone();
        older[MAJOR] = (byte) (NEWEST >> 8);
        older[MAJOR + 1] = (byte) NEWEST;
        return older;
    }

    private static int version(byte[] classFile) {
        return (classFile[MAJOR] & 0xff) << 8 | (classFile[MAJOR + 1] & 0xff);
    }

    private Class<?> define(ImageClass defined, @Nullable ClassLoader loader) throws ClassNotFoundException {
        if (loader != null && StylesheetLoader.isOne(loader)) {
            StylesheetLoader.open(loader);
        }
        Object domain = defined.protectionDomain == 0 ? null : objects.get(defined.protectionDomain);
        // The JDK has its own loader define this copy of a class of its own.
        byte[] classFile =
                defined.name.equals("sun.reflect.misc.Trampoline") ? readableHere(defined.bytes) : defined.bytes;
        try {
            return ClassAccess.define(
                    loader, defined.name, classFile, domain instanceof ProtectionDomain known ? known : null);
        } catch (LinkageError failure) {
            // Said of a class that is there already: another agent has defined it beside one that it changed just now.
            if (failure.getClass() != LinkageError.class) {
                throw failure;
            }
            return find(defined.name, loader);
        }
    }

    private static @Nullable Class<?> primitive(int descriptor) {
        return switch (descriptor) {
            case 'Z' -> boolean.class;
            case 'B' -> byte.class;
            case 'C' -> char.class;
            case 'S' -> short.class;
            case 'I' -> int.class;
            case 'J' -> long.class;
            case 'F' -> float.class;
            case 'D' -> double.class;
            case 'V' -> void.class;
            default -> null;
        };
    }
}
