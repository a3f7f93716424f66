package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassAccess;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the heaps of earlier images, so that the next one says only what has changed since.
 *
 * <p>It holds ids, fingerprints of what was written, and numbers of classes, but no object of the program. Most of it, 16 bytes for each
 * object, lies outside the Java heap. One walk at a time; whoever writes images {@link #forget forgets} all when an image did not
 * come to be.
 */
public final class HeapHistory implements AutoCloseable {
    /** More segments than this make more work than one full image. */
    private static final int MOST_SEGMENTS = 24;

    /**
     * Of what is read, so much may be out of date, in percent of what is not. Data that come again are read about three times as
     * slowly as others, because their objects lie scattered.
     */
    private static final int MOST_STALE = 6;
    /** So many bytes may be out of date however little there is; of a small heap, shapes alone are more than that part. */
    private static final long ALWAYS_ALLOWED = 1 << 20;

    final boolean keeps;
    private final int mostStale;
    ObjectIds ids;
    /** Fingerprints of the data of each id, or of the description; 0 where there is none. */
    NativeTable prints = NativeTable.ofLongs();

    Map<Integer, long[]> partPrints = new HashMap<>();

    /** The fingerprint of what the loaders were asked for, as it was written last. */
    long resolutions;

    private Map<Class<?>, Integer> classNumbers = new WeakHashMap<>();
    private int classCount;
    /** Hidden classes whose record says that their static initialiser has not run. */
    private List<WeakReference<Class<?>>> uninitialized = new ArrayList<>();

    private List<LoaderKey> loaderKeys = new ArrayList<>();
    private int loaderCount;
    private Map<Class<?>, ClassPlan> plans = new WeakHashMap<>();
    private Map<Class<?>, ClassPlan> staticPlans = new WeakHashMap<>();
    private Map<Class<?>, ClassPlan> attachmentPlans = new WeakHashMap<>();
    private Map<Class<?>, EarlierPlan> earlierPlans = new WeakHashMap<>();
    private Map<Class<?>, EarlierPlan> earlierStaticPlans = new WeakHashMap<>();
    private Map<Class<?>, EarlierPlan> earlierAttachmentPlans = new WeakHashMap<>();
    private int planCount;

    private int segments;
    private long writtenBytes;
    private long liveBytes;

    private HeapHistory(boolean keeps, int mostStale, ObjectIds ids) {
        this.keeps = keeps;
        this.ids = ids;
        this.mostStale = mostStale;
    }

    private record LoaderKey(WeakReference<ClassLoader> loader, String key) {}

    /** With nothing to remember yet. */
    public static HeapHistory empty() {
        return empty(MOST_STALE);
    }

    /** The same with another bound on what is out of date, in percent. */
    static HeapHistory empty(int mostStale) {
        return new HeapHistory(true, mostStale, ObjectIds.ofWalks());
    }

    /** For an image that no other one will go on. Remembers nothing. */
    public static HeapHistory ofOneImage() {
        return new HeapHistory(false, 0, ObjectIds.ofOneWalk());
    }

    /** For a walk that is made to see how an object is reached. */
    static HeapHistory ofExplanation() {
        return new HeapHistory(false, 0, ObjectIds.holdingAll(true));
    }

    /**
     * Whether the next image will say what changed since the last one; otherwise it says all. How long the images before it would
     * take to be read has a bound: what is out of date in them, and how many there are.
     */
    public boolean continues() {
        long mostBytes = Math.max(ALWAYS_ALLOWED, liveBytes / 100 * mostStale);
        return keeps && segments > 0 && segments < MOST_SEGMENTS && writtenBytes - liveBytes <= mostBytes;
    }

    /** How many heap streams the next image will have before its own. */
    int segments() {
        return continues() ? segments : 0;
    }

    /**
     * Forgets everything if the next image could not go on: a class is defined by what the first image with it says, and a hidden class
     * may have been initialised since. To be asked before {@link #continues}, while it still matters.
     */
    public void forgetIfOutdated() {
        uninitialized.removeIf(type -> type.refersTo(null));
        for (WeakReference<Class<?>> each : uninitialized) {
            Class<?> type = each.get();
            if (type != null && ClassAccess.isInitialized(type)) {
                forget();
                return;
            }
        }
    }

    /** Notes a hidden class that is recorded as one whose static initialiser has not run. */
    void addUninitialized(Class<?> type) {
        uninitialized.add(new WeakReference<>(type));
    }

    boolean isRecordedUninitialized(Class<?> type) {
        return uninitialized.stream().anyMatch(each -> each.refersTo(type));
    }

    /** Forgets everything: the next image says all. Gives memory back. */
    public void forget() {
        // First, so that nothing goes on from here if there is no memory for the rest.
        segments = 0;
        close();
        ids = keeps ? ObjectIds.ofWalks() : ObjectIds.ofOneWalk();
        prints = NativeTable.ofLongs();
        partPrints = new HashMap<>();
        classNumbers = new WeakHashMap<>();
        classCount = 0;
        uninitialized = new ArrayList<>();
        loaderKeys = new ArrayList<>();
        loaderCount = 0;
        plans = new WeakHashMap<>();
        staticPlans = new WeakHashMap<>();
        attachmentPlans = new WeakHashMap<>();
        earlierPlans = new WeakHashMap<>();
        earlierStaticPlans = new WeakHashMap<>();
        earlierAttachmentPlans = new WeakHashMap<>();
        planCount = 0;
        resolutions = 0;
        writtenBytes = 0;
        liveBytes = 0;
    }

    /** Notes a walk that came to its end. */
    void walked(long written, long live) {
        segments++;
        writtenBytes += written;
        liveBytes = live;
    }

    @Override
    public void close() {
        ids.close();
        prints.close();
    }

    @Nullable Integer numberOf(Class<?> type) {
        return classNumbers.get(type);
    }

    int addClass(Class<?> type) {
        int number = classCount++;
        classNumbers.put(type, number);
        return number;
    }

    /**
     * Takes over the classes of an image that was read.
     *
     * @param count how many numbers are taken
     */
    void takeOverClasses(Map<Class<?>, Integer> numbers, int count) {
        classNumbers.putAll(numbers);
        classCount = count;
    }

    /**
     * Takes over a class loader of an image that was read.
     *
     * @param number what its key ends with
     */
    void takeOverLoader(ClassLoader loader, String key, int number) {
        loaderKeys.add(new LoaderKey(new WeakReference<>(loader), key));
        loaderCount = Math.max(loaderCount, number);
    }

    /** Takes over how an image that was read holds the objects of a class. */
    void takeOverPlan(Class<?> type, EarlierPlan plan) {
        earlierPlansOf(plan.kind()).put(type, plan);
    }

    /**
     * Takes over how much was read.
     *
     * @param plans how many plans there are
     */
    void takeOver(int plans, int readSegments, long written, long live) {
        planCount = plans;
        segments = readSegments;
        writtenBytes = written;
        liveBytes = live;
    }

    /** How an image that was read holds the objects of a class; null if none does. */
    @Nullable EarlierPlan earlierPlan(Class<?> type, PlanKind kind) {
        return earlierPlansOf(kind).get(type);
    }

    private Map<Class<?>, EarlierPlan> earlierPlansOf(PlanKind kind) {
        return switch (kind) {
            case STATICS -> earlierStaticPlans;
            case ATTACHMENTS -> earlierAttachmentPlans;
            default -> earlierPlans;
        };
    }

    /** A name for a class loader of the program, the same in all images. */
    String loaderKey(ClassLoader loader) {
        for (LoaderKey known : loaderKeys) {
            if (known.loader.refersTo(loader)) {
                return known.key;
            }
        }
        loaderKeys.removeIf(known -> known.loader.refersTo(null));
        LoaderKey added = new LoaderKey(new WeakReference<>(loader), "loader-" + ++loaderCount);
        loaderKeys.add(added);
        return added.key;
    }

    @Nullable ClassPlan plan(Class<?> type, PlanKind kind) {
        return plansOf(kind).get(type);
    }

    int nextPlan() {
        return planCount++;
    }

    void addPlan(Class<?> type, ClassPlan plan) {
        plansOf(plan.kind).put(type, plan);
    }

    private Map<Class<?>, ClassPlan> plansOf(PlanKind kind) {
        return switch (kind) {
            case STATICS -> staticPlans;
            case ATTACHMENTS -> attachmentPlans;
            default -> plans;
        };
    }
}
