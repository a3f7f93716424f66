package dev.ingot.runtime;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.WrongMethodTypeException;
import org.jspecify.annotations.Nullable;

/**
 * What woven code calls.
 *
 * <h2>Cost while no checkpoint is taken</h2>
 *
 * A poll and the entry check of a resumable method are {@code invokedynamic} sites bound to one shared
 * {@link MutableCallSite} each, so that compiled code holds nothing of them. Every cold path begins with an
 * {@code invokedynamic} that is linked when first reached: until then the compiler takes the path for never taken, keeps
 * values in registers and loops in their natural form.
 *
 * <h2>Threads</h2>
 *
 * Everything else is called by a thread about its own stack and touches only that thread's {@link ThreadSlot}.
 */
public final class Woven {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType NO_ARGUMENTS = MethodType.methodType(void.class);
    private static final MethodType FLAG = MethodType.methodType(int.class);
    private static final MethodHandle QUIET = handle("quiet", NO_ARGUMENTS);
    private static final MethodHandle REQUESTED = handle("requested", NO_ARGUMENTS);
    private static final MethodHandle REQUESTED_OF_OWNER = handle("requestedOfOwner", NO_ARGUMENTS);
    private static final MethodHandle UNWIND = handle("enterUnwoundFrame", NO_ARGUMENTS);
    private static final MethodHandle SITE =
            handle("enterRebuiltFrame", FLAG.appendParameterTypes(Class.class, String.class));
    private static final MethodHandle CHOOSE =
            handle("choose", MethodType.methodType(MethodHandle.class, MethodType.class, MethodHandle.class));
    private static final MethodHandle IS_SET = handle("isSet", MethodType.methodType(boolean.class, int.class));
    private static final MethodHandle WATCHFUL = handle("watchful", NO_ARGUMENTS);
    private static final MethodHandle WATCHFUL_OF_OWNER = handle("watchfulOfOwner", NO_ARGUMENTS);
    private static final MethodHandle WATCHED_REBUILDING = handle("rebuildingNow", FLAG);
    private static final MethodHandle QUIET_OF_OWNER = VirtualThreads.unmountInMonitors() ? WATCHFUL_OF_OWNER : QUIET;
    private static final MutableCallSite POLL = new MutableCallSite(QUIET);
    private static final MutableCallSite OWNER_POLL = new MutableCallSite(QUIET_OF_OWNER);
    private static final MethodHandle REBUILD = MethodHandles.constant(int.class, 1);
    private static final MethodHandle NO_REBUILD = MethodHandles.constant(int.class, 0);
    private static final MutableCallSite REBUILDING = new MutableCallSite(NO_REBUILD);

    /** Returned by {@code site()} when the method runs for the program, not for a rebuild. */
    static final int NOT_REBUILT = -1;
    /** Returned by {@code site()} of a thread's first method when the thread had already ended it. */
    static final int FINISHED = -2;

    private static volatile boolean asked;
    /** Whether the polls behind the entry of monitors are on. */
    private static volatile boolean guarded;

    private static volatile boolean rebuilt;
    /** Whether call sites are switched; otherwise they look at the variables above. */
    private static volatile boolean switches = true;

    private Woven() {}

    /**
     * Initializes this class. To be called before methods of the JDK ask at their entry whether they are rebuilt: the initializer has
     * compiled method handles woven, for which classes of the agent are read by such methods.
     */
    public static void initialize() {
        // Its call does it.
    }

    // ---- bootstrap methods

    /** Links a poll. */
    public static CallSite poll(MethodHandles.Lookup caller, String name, MethodType type) {
        return POLL;
    }

    /** Links a poll right after a monitor was entered. */
    public static CallSite ownerPoll(MethodHandles.Lookup caller, String name, MethodType type) {
        return OWNER_POLL;
    }

    /** Links the entry check of a resumable method: 0, or 1 while stacks are rebuilt. */
    public static CallSite rebuilding(MethodHandles.Lookup caller, String name, MethodType type) {
        return REBUILDING;
    }

    /** Links the question at which site a method is to be re-entered; {@code method} is its name and descriptor. */
    public static CallSite site(MethodHandles.Lookup caller, String name, MethodType type, String method) {
        return new ConstantCallSite(MethodHandles.insertArguments(SITE, 0, caller.lookupClass(), method));
    }

    /** Links the first instruction of a capture handler. */
    public static CallSite unwind(MethodHandles.Lookup caller, String name, MethodType type) {
        return new ConstantCallSite(UNWIND);
    }

    /**
     * Links a call site of the program in a resumable method as its own {@code bootstrap} method does; but a call that is made to
     * rebuild a stack may be led past frames of method handles that are left out.
     *
     * @throws Throwable what the bootstrap method throws
     */
    public static CallSite passable(
            MethodHandles.Lookup caller, String name, MethodType type, MethodHandle bootstrap, Object... arguments)
            throws Throwable {
        Object[] all = new Object[arguments.length + 3];
        all[0] = caller;
        all[1] = name;
        all[2] = type;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        CallSite site = (CallSite) bootstrap.invokeWithArguments(all);
        if (!site.type().equals(type)) {
            throw new WrongMethodTypeException("wrong type of call site: " + site.type());
        }
        MethodHandle target = site.dynamicInvoker();
        MethodHandle chosen = MethodHandles.foldArguments(
                MethodHandles.exactInvoker(type), MethodHandles.insertArguments(CHOOSE, 0, type, target));
        MethodHandle test = MethodHandles.filterReturnValue(REBUILDING.dynamicInvoker(), IS_SET);
        return new ConstantCallSite(MethodHandles.guardWithTest(test, chosen, target));
    }

    static boolean isSet(int flag) {
        return flag != 0;
    }

    /** What a call site of a resumable method calls while stacks are rebuilt. */
    static MethodHandle choose(MethodType type, MethodHandle target) {
        ThreadSlot slot = ThreadTable.find(Thread.currentThread());
        if (slot == null || !slot.passes || !RebuiltCaller.leadsHere(slot, null)) {
            return target;
        }
        slot.passes = false;
        return HandlePassage.handle(slot, slot.current(), type);
    }

    // ---- switched by the safepoint

    static void request(boolean on) {
        asked = on;
        setTargets();
    }

    /** Switches the polls behind the entry of monitors: on before any thread may unwind, off when all have theirs back. */
    static void guardMonitors(boolean on) {
        guarded = on;
        setTargets();
    }

    static void rebuild(boolean on) {
        rebuilt = on;
        setTargets();
    }

    /**
     * Whether a stop switches call sites, for which the JVM throws away all compiled code that has them, or has them look at a
     * variable each time, which costs compiled code a little while no stop is made.
     */
    static void switchSites(boolean on) {
        switches = on;
        setTargets();
    }

    private static synchronized void setTargets() {
        boolean fixed = !switches;
        setTarget(POLL, fixed ? WATCHFUL : asked ? REQUESTED : QUIET);
        setTarget(OWNER_POLL, fixed ? WATCHFUL_OF_OWNER : guarded ? REQUESTED_OF_OWNER : QUIET_OF_OWNER);
        setTarget(REBUILDING, fixed ? WATCHED_REBUILDING : rebuilt ? REBUILD : NO_REBUILD);
    }

    private static void setTarget(MutableCallSite site, MethodHandle target) {
        if (site.getTarget() != target) {
            site.setTarget(target);
            MutableCallSite.syncAll(new MutableCallSite[] {site});
        }
    }

    // ---- polls

    static void quiet() {}

    static void watchful() {
        if (asked) {
            Safepoint.poll();
        }
    }

    /**
     * A virtual thread that was unmounted while it was blocked at the entry of a monitor goes on in the compiled code that it was in,
     * also where that was made for another target of the call site: HotSpot does not leave the frame when it mounts the thread again.
     */
    static void watchfulOfOwner() {
        if (guarded) {
            Safepoint.ownerPoll();
        }
    }

    static int rebuildingNow() {
        return rebuilt ? 1 : 0;
    }

    static void requested() {
        Safepoint.poll();
    }

    static void requestedOfOwner() {
        Safepoint.ownerPoll();
    }

    // ---- capture handlers

    static void enterUnwoundFrame() {
        slot().enterUnwoundFrame();
    }

    public static void saveReceiver(Object receiver) {
        slot().current().receiver(receiver);
    }

    public static void save(int value) {
        slot().current().add(value);
    }

    public static void save(long value) {
        slot().current().add(value);
    }

    public static void save(float value) {
        slot().current().add(Float.floatToRawIntBits(value));
    }

    public static void save(double value) {
        slot().current().add(Double.doubleToRawLongBits(value));
    }

    public static void save(@Nullable Object value) {
        slot().current().add(value);
    }

    /**
     * Called as the signal passes the frame of a compiled method handle, with the handle, its arguments and the name of its field that
     * holds the handle it called, if that is known.
     */
    public static void passHandle(@Nullable Object handle, @Nullable Object[] arguments, @Nullable String target) {
        slot().passHandle(handle instanceof MethodHandle known ? new PassedHandle(known, arguments, target) : null);
    }

    /** Saves a monitor the frame held; its handler has left it. Called outermost first. */
    public static void saveMonitor(Object monitor) {
        slot().current().addMonitor(monitor);
    }

    /** At the bottom of the stack waits there and returns when the frame is to be rebuilt; elsewhere throws the signal on. */
    public static void base(CaptureSignal signal) {
        Safepoint.base(signal);
    }

    // ---- re-entry

    static int enterRebuiltFrame(Class<?> owner, String method) {
        return Safepoint.enterRebuiltFrame(owner, method);
    }

    public static int restoreInt() {
        return (int) slot().readPrimitive();
    }

    public static long restoreLong() {
        return slot().readPrimitive();
    }

    public static float restoreFloat() {
        return Float.intBitsToFloat((int) slot().readPrimitive());
    }

    public static double restoreDouble() {
        return Double.longBitsToDouble(slot().readPrimitive());
    }

    public static @Nullable Object restoreReference() {
        return slot().readReference();
    }

    /** The site at which the frame being rebuilt is re-entered. */
    public static int currentSite() {
        return slot().current().site();
    }

    /** The monitor that the frame entered {@code depth}-th. */
    public static Object monitor(int depth) {
        return slot().current().monitor(depth);
    }

    /** Called before an instance method is called again: returns the receiver of the frame to be rebuilt next. */
    public static @Nullable Object callee() {
        ThreadSlot slot = slot();
        Safepoint.beforeCallee(slot);
        FrameRecord next = slot.nextFrame();
        return next == null ? null : next.receiver();
    }

    /** The object that {@code made} was made for a second time, if there is one, or else {@code made}. */
    public static Object constructed(Object made, @Nullable Object before) {
        return before == null ? made : before;
    }

    /** The object on which the constructor ran whose frame is to be rebuilt next; null if there is no such frame. */
    static @Nullable Object objectOfNextConstructor() {
        ThreadSlot slot = ThreadTable.find(Thread.currentThread());
        FrameRecord next = slot == null ? null : slot.nextFrame();
        return slot != null && next != null && next.method().startsWith("<init>") && RebuiltCaller.leadsHere(slot, null)
                ? next.receiver()
                : null;
    }

    /** Called before the constructors of superclasses run on an object that nobody will see. */
    public static void beginPlaceholder() {
        slot().makesPlaceholder = true;
    }

    /** Called after that; returns the receiver of the frame being rebuilt. */
    public static @Nullable Object endPlaceholder() {
        ThreadSlot slot = slot();
        slot.makesPlaceholder = false;
        return slot.current().receiver();
    }

    /** Whether a constructor is called on an object that nobody will see. */
    public static boolean makesPlaceholder() {
        ThreadSlot slot = ThreadTable.find(Thread.currentThread());
        return slot != null && slot.makesPlaceholder;
    }

    /** An argument for constructors that no null will do for. */
    public static String emptyString() {
        return "";
    }

    /** Called before a method handle is called again: returns the one to call. */
    public static MethodHandle handle(MethodHandle called) {
        ThreadSlot slot = slot();
        FrameRecord frame = slot.current();
        return frame.passage() == HandlePassage.NONE ? called : HandlePassage.handle(slot, frame, called.type());
    }

    /** Called before a call site is called again. */
    public static void callSite() {
        ThreadSlot slot = slot();
        slot.passes = slot.current().passage() != HandlePassage.NONE;
    }

    /** Called before a static method is called again. */
    public static void staticCallee() {
        Safepoint.beforeCallee(slot());
    }

    /** The locals of the thread's top frame are restored: waits until all threads' are. */
    public static void restored() {
        Safepoint.restored();
    }

    private static ThreadSlot slot() {
        ThreadSlot slot = ThreadTable.find(Thread.currentThread());
        if (slot == null) {
            throw new IllegalStateException("thread " + Thread.currentThread().getName() + " is not being captured");
        }
        return slot;
    }

    private static MethodHandle handle(String name, MethodType type) {
        try {
            return LOOKUP.findStatic(Woven.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
