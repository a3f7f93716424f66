package dev.ingot.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The saved state of one frame. Values are kept in the order in which the frame's handler saved them and are read back in
 * the same order. Part of the image; confined to the thread that saves or restores it.
 */
public final class FrameRecord {
    private static final Object[] NO_REFERENCES = {};
    private static final long[] NO_PRIMITIVES = {};

    private final Class<?> owner;
    private final String method;
    private final int site;
    private final int bodyHash;
    private final boolean synchronizedMethod;
    private final boolean entersOwnMonitor;
    private final boolean entersMonitor;
    private final int line;
    private final int passage;
    /** That of its site; zero if it has none. */
    private final int landmark;

    private @Nullable PassedHandle passedHandle;

    private @Nullable Object receiver;
    private @Nullable Object[] references = NO_REFERENCES;
    private int referenceCount;
    private long[] primitives = NO_PRIMITIVES;
    private int primitiveCount;
    private Object[] monitors = NO_REFERENCES;

    FrameRecord(StackCapture.Frame frame) {
        this.owner = frame.owner();
        this.method = frame.method();
        this.site = frame.site();
        this.bodyHash = frame.bodyHash();
        this.synchronizedMethod = frame.synchronizedMethod();
        this.entersOwnMonitor = frame.entersOwnMonitor();
        this.entersMonitor = frame.entersMonitor();
        this.line = frame.line();
        this.passage = frame.passage();
        ClassSites.MethodSites sites = frame.sites();
        this.landmark = sites == null ? 0 : sites.landmarkOf(frame.site());
    }

    /** The same frame at a site of another version of its method. */
    private FrameRecord(FrameRecord frame, int site, ClassSites.MethodSites there) {
        this.owner = frame.owner;
        this.method = there.method;
        this.site = site;
        this.bodyHash = there.bodyHash;
        this.synchronizedMethod = there.synchronizedMethod;
        this.entersOwnMonitor = frame.entersOwnMonitor;
        this.entersMonitor = frame.entersMonitor;
        this.line = frame.line;
        this.passage = frame.passage;
        this.landmark = frame.landmark;
        this.passedHandle = frame.passedHandle;
        this.receiver = frame.receiver;
        this.references = frame.references;
        this.referenceCount = frame.referenceCount;
        this.primitives = frame.primitives;
        this.primitiveCount = frame.primitiveCount;
        this.monitors = frame.monitors;
    }

    /** Whether another version of its method may have the place where the frame stands. */
    boolean hasLandmark() {
        return landmark != 0;
    }

    /** This frame in the same method under another name. */
    FrameRecord renamed(ClassSites.MethodSites there) {
        return new FrameRecord(this, site, there);
    }

    /**
     * This frame in another version of its method, at the site with the same landmark; null if there is none, or another number of
     * values is kept there. One version may keep the object it was called on among these, for its own use or to leave its monitor:
     * a method that is synchronized in one version has a block around all that waits in the other.
     */
    @Nullable FrameRecord in(ClassSites.MethodSites there) {
        int site = there.siteAtLandmark(landmark);
        if (site < 0) {
            return null;
        }
        FrameRecord moved = new FrameRecord(this, site, there);
        if (receiver != null && synchronizedMethod && !there.synchronizedMethod && monitors.length == 0) {
            moved.monitors = new Object[] {receiver};
        } else if (receiver != null
                && !synchronizedMethod
                && there.synchronizedMethod
                && monitors.length == 1
                && monitors[0] == receiver) {
            moved.monitors = NO_REFERENCES;
        } else if (synchronizedMethod != there.synchronizedMethod) {
            return null;
        }
        if (there.keepsAt(site, referenceCount, moved.monitors.length)) {
            return moved;
        }
        // What a method was called on is the first of its locals, which are saved from the last to the first. A block
        // has it in a local somewhere.
        boolean isFirst = synchronizedMethod == there.synchronizedMethod;
        if (receiver != null
                && (isFirst || referenceCount == 0)
                && there.keepsAt(site, referenceCount + 1, moved.monitors.length)) {
            moved.references = Arrays.copyOf(references, referenceCount + 1);
            moved.references[referenceCount] = receiver;
            moved.referenceCount = referenceCount + 1;
            return moved;
        }
        if (receiver != null
                && (isFirst ? referenceCount > 0 : referenceCount == 1)
                && references[referenceCount - 1] == receiver
                && there.keepsAt(site, referenceCount - 1, moved.monitors.length)) {
            moved.references = Arrays.copyOf(references, referenceCount - 1);
            moved.referenceCount = referenceCount - 1;
            return moved;
        }
        return null;
    }

    /** This frame at a site of another version of its method that keeps the same values; null if it keeps another number of them. */
    @Nullable FrameRecord at(ClassSites.MethodSites there, int site) {
        boolean same = synchronizedMethod == there.synchronizedMethod
                && primitiveCount == 0
                && there.keepsAt(site, referenceCount, monitors.length);
        return same ? new FrameRecord(this, site, there) : null;
    }

    /** A frame of another method of the same class, called on nothing, that keeps these values, the last of its locals first; null if it keeps another number of them. */
    @Nullable FrameRecord above(ClassSites.MethodSites method, int site, @Nullable Object... kept) {
        if (site < 0 || method.synchronizedMethod || !method.keepsAt(site, kept.length, 0)) {
            return null;
        }
        FrameRecord above = new FrameRecord(this, site, method);
        above.receiver = null;
        above.references = kept;
        above.referenceCount = kept.length;
        above.primitives = NO_PRIMITIVES;
        above.primitiveCount = 0;
        above.monitors = NO_REFERENCES;
        return above;
    }

    /** Whether this JVM has the class that declares the method; in a resume it may lack one of the JDK's. */
    public boolean hasOwner() {
        return owner != null;
    }

    /** The class that declares the method. */
    public Class<?> owner() {
        return owner;
    }

    /** Name and descriptor of the method, as in {@code run()V}. */
    public String method() {
        return method;
    }

    /** Number of the poll or call among the method's sites. */
    public int site() {
        return site;
    }

    /** Hash of the method's body as the program's class file has it. */
    public int bodyHash() {
        return bodyHash;
    }

    /** Line number in the source file, or a negative number if unknown. */
    public int line() {
        return line;
    }

    /** The superclasses of the program whose constructors are called again without effect when this frame is rebuilt. */
    public List<Class<?>> superclassesOfConstruction() {
        return method.startsWith("<init>") ? Superclasses.ofProgram(owner) : List.of();
    }

    /** How the next frame is reached through method handles, as {@link HandlePassage} numbers it. */
    int passage() {
        return passage;
    }

    /** The handle that leads to the next frame, as it was called. */
    PassedHandle passedHandle() {
        PassedHandle passed = passedHandle;
        if (passed == null) {
            throw new IllegalStateException("no method handle was saved above " + owner.getName() + "." + method);
        }
        return passed;
    }

    void passedHandle(PassedHandle passed) {
        passedHandle = passed;
    }

    /** Whether calling this frame's synchronized method again acquires a monitor that the program had not entered yet. */
    boolean entersOwnMonitor() {
        return entersOwnMonitor;
    }

    /** Whether the frame was about to enter a monitor, its own method's or another. */
    boolean isEntering() {
        return entersOwnMonitor || entersMonitor;
    }

    /** The monitor of a synchronized method that this frame holds, or {@code null}. */
    @Nullable Object ownMonitor() {
        if (!synchronizedMethod || entersOwnMonitor) {
            return null;
        }
        return receiver != null ? receiver : owner;
    }

    @Nullable Object receiver() {
        return receiver;
    }

    void receiver(Object object) {
        receiver = object;
    }

    void add(long primitive) {
        if (primitiveCount == primitives.length) {
            primitives = Arrays.copyOf(primitives, Math.max(4, primitiveCount * 2));
        }
        primitives[primitiveCount++] = primitive;
    }

    void add(@Nullable Object reference) {
        if (referenceCount == references.length) {
            references = Arrays.copyOf(references, Math.max(4, referenceCount * 2));
        }
        references[referenceCount++] = isAccessor(reference) ? ReflectionAccessors.class : reference;
    }

    void addMonitor(Object monitor) {
        monitors = Arrays.copyOf(monitors, monitors.length + 1);
        monitors[monitors.length - 1] = monitor;
    }

    void primitive(int index, long value) {
        primitives[index] = value;
    }

    long primitive(int index) {
        return primitives[index];
    }

    int referenceCount() {
        return referenceCount;
    }

    @Nullable Object reference(int index) {
        Object reference = references[index];
        return reference == ReflectionAccessors.class && receiver instanceof Executable executable
                ? ReflectionAccessors.of(executable)
                : reference;
    }

    private boolean isAccessor(@Nullable Object reference) {
        boolean reflects = owner == Method.class || owner == Constructor.class;
        return reflects && reference != null && ReflectionAccessors.isAccessor(reference);
    }

    /** The monitor entered {@code depth}-th in this frame, outermost first. */
    Object monitor(int depth) {
        return monitors[depth];
    }

    /** The monitors this frame holds, outermost first; a synchronized method's own is not among them. */
    Object[] monitors() {
        return Arrays.copyOf(monitors, heldMonitors());
    }

    /** How many of the monitors are held, and not only about to be entered. */
    private int heldMonitors() {
        return entersMonitor ? monitors.length - 1 : monitors.length;
    }

    /** One of this frame's monitors that the current thread holds, other than the given one; {@code null} if there is none. */
    @Nullable Object monitorHeldByCurrentThread(@Nullable Object except) {
        Object own = ownMonitor();
        if (own != null && own != except && Thread.holdsLock(own)) {
            return own;
        }
        for (int i = 0; i < heldMonitors(); i++) {
            if (monitors[i] != except && Thread.holdsLock(monitors[i])) {
                return monitors[i];
            }
        }
        return null;
    }
}
