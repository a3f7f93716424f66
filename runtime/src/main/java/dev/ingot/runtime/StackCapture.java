package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One look at the current thread's stack that decides whether every frame on it can be captured.
 *
 * <p>The frames it accepts unwind in the order of {@link #frames()}, top first.
 */
final class StackCapture
        implements Predicate<StackWalker.StackFrame>, Function<Stream<StackWalker.StackFrame>, Boolean> {
    private static final StackWalker WALKER = StackWalker.getInstance(
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));
    private static final String RUNTIME_PREFIX = "dev.ingot.runtime.";
    private static final String INVOKE_PREFIX = "java.lang.invoke.";
    /** Compiled method handles. */
    private static final String LAMBDA_FORM_PREFIX = "java.lang.invoke.LambdaForm$";
    /** Method handles that were compiled when the JDK was built. */
    private static final String HOLDER_SUFFIX = "$Holder";

    private static final String REFLECT_PREFIX = "jdk.internal.reflect.";
    private static final String PASS_THROUGH = "dev.ingot.runtime.PassThrough";
    /** What stands between Java and native functions, of which nothing else is seen. */
    private static final String NATIVE_CALLS_PREFIX = "jdk.internal.foreign.abi.";

    /**
     * A frame that can be captured.
     *
     * @param owner class that declares the method
     * @param method name and descriptor
     * @param site number of the site among the method's sites
     * @param bodyHash hash of the method's original body
     * @param synchronizedMethod whether the method is declared synchronized
     * @param entersOwnMonitor whether the frame stands at the entry of a synchronized method, as if not entered yet
     * @param entersMonitor whether the frame stands after a {@code monitorenter}, as if not entered yet
     * @param delegates whether the frame is a constructor's that has called another one on its object and saves nothing
     * @param sites of the method; null for a leaf
     * @param position where the line can be asked for; null for a leaf
     * @param passage how the frame above is reached through method handles, as {@link HandlePassage} numbers it
     */
    record Frame(
            Class<?> owner,
            String method,
            int site,
            int bodyHash,
            boolean synchronizedMethod,
            boolean entersOwnMonitor,
            boolean entersMonitor,
            boolean delegates,
            ClassSites.@Nullable MethodSites sites,
            StackWalker.@Nullable StackFrame position,
            int passage) {

        /** Source line, negative if unknown. */
        int line() {
            return position == null || sites == null ? -1 : sites.line(site, position);
        }
    }

    private final List<Frame> frames = new ArrayList<>();
    private boolean atTop = true;
    private boolean lastIsBase;
    /** What is below belongs to the JDK's way of running a virtual thread. */
    private boolean complete;

    private StackWalker.@Nullable StackFrame gap;
    /** The uppermost frame since the last one of the program that belongs to a method handle and cannot be repeated. */
    private StackWalker.@Nullable StackFrame stateful;

    private long rebuiltBytes;

    private final HandlePassage.Scan passage = new HandlePassage.Scan();
    private @Nullable Pin pin;

    /** Looks at the stack below a poll. */
    static StackCapture ofPoll() {
        StackCapture capture = new StackCapture();
        WALKER.walk(capture);
        capture.requireBase();
        return capture;
    }

    /** Looks at the stack below a blocking leaf of {@link Leaves}, which becomes the top frame. */
    static StackCapture ofLeaf(String leaf) {
        StackCapture capture = new StackCapture();
        capture.frames.add(
                new Frame(Leaves.class, leaf, 0, 0, false, false, false, false, null, null, HandlePassage.NONE));
        WALKER.walk(capture);
        capture.requireBase();
        return capture;
    }

    @Nullable Pin pin() {
        return pin;
    }

    /** About how many bytes of stack the frames take when they are rebuilt. */
    long rebuiltBytes() {
        return rebuiltBytes;
    }

    Frame[] frames() {
        return frames.toArray(new Frame[0]);
    }

    /** Looks at frames until one pins the thread. */
    @Override
    public Boolean apply(Stream<StackWalker.StackFrame> stack) {
        return stack.allMatch(this);
    }

    @Override
    public boolean test(StackWalker.StackFrame frame) {
        accept(frame);
        return pin == null && !complete;
    }

    private void accept(StackWalker.StackFrame frame) {
        Class<?> owner = frame.getDeclaringClass();
        String ownerName = owner.getName();
        if (atTop && (ownerName.startsWith(RUNTIME_PREFIX) || ownerName.startsWith(INVOKE_PREFIX))) {
            return;
        }
        atTop = false;
        if (lastIsBase && VirtualThreads.isBottom(ownerName, frame.getMethodName())) {
            complete = true;
            return;
        }
        if (isForwarder(frame, owner, ownerName)) {
            gap = frame;
            return;
        }
        if (ownerName.startsWith(INVOKE_PREFIX)) {
            // Holds state of its own, such as the progress of a loop or a call site being linked, or catches what its
            // callee
            // throws.
            if (ownerName.startsWith(LAMBDA_FORM_PREFIX)) {
                stateful = stateful == null ? frame : stateful;
            } else {
                refuse(frame, PinReason.METHOD_HANDLE_FRAME);
            }
            return;
        }
        if (stateful == null) {
            acceptProgramFrame(frame, owner);
        } else {
            refuse(stateful, PinReason.METHOD_HANDLE_FRAME);
        }
    }

    private boolean isForwarder(StackWalker.StackFrame frame, Class<?> owner, String ownerName) {
        if (ownerName.startsWith(REFLECT_PREFIX)) {
            // What its handle does besides the call is to convert arguments and result.
            stateful = null;
            passage.addAccessor();
            return true;
        }
        if (ownerName.equals(PASS_THROUGH)) {
            passage.add(ClassSites.REPLAY);
            return true;
        }
        if (!ownerName.startsWith(INVOKE_PREFIX)) {
            return false;
        }
        if (ownerName.endsWith(HOLDER_SUFFIX)) {
            // What the handle to a constructor returns is not what the constructor returns.
            boolean creates = frame.getMethodName().startsWith("newInvokeSpecial");
            passage.add(creates ? ClassSites.REPLAY : ClassSites.REPLAY_TAIL);
            return true;
        }
        if (frame.getMethodName().equals("invokeWithArguments")) {
            if (stateful != null) {
                refuse(stateful, PinReason.METHOD_HANDLE_FRAME);
            }
            passage.addInvocation();
            return true;
        }
        return ownerName.startsWith(LAMBDA_FORM_PREFIX) && forwards(frame, owner);
    }

    private boolean forwards(StackWalker.StackFrame frame, Class<?> methodHandle) {
        ClassSites sites = SiteTable.find(methodHandle);
        ClassSites.MethodSites calls = sites == null ? null : sites.find(frame.getMethodName() + frame.getDescriptor());
        int call = calls == null ? -1 : calls.siteAt(frame.getByteCodeIndex());
        if (calls == null || call < 0) {
            return false;
        }
        passage.add(calls.callees[call]);
        return true;
    }

    private void acceptProgramFrame(StackWalker.StackFrame frame, Class<?> owner) {
        String method = frame.getMethodName() + frame.getDescriptor();
        ClassSites sites = SiteTable.find(owner);
        ClassSites.MethodSites methodSites = sites == null ? null : sites.find(method);
        if (sites == null || methodSites == null) {
            refuse(frame, reasonOfUnwoven(frame, owner));
            return;
        }
        int site = sites.mayBeOld() && isOfUnknownVersion(frame)
                ? sites.siteInAnyVersion(method, frame.getByteCodeIndex())
                : methodSites.siteAt(frame.getByteCodeIndex());
        if (site < 0) {
            PinReason refusal = methodSites.refusal;
            refuse(
                    frame,
                    refusal != null ? refusal : reasonOfMissingSite(method),
                    "at bytecode " + frame.getByteCodeIndex());
            return;
        }
        String obstacle = isConstructor(method) ? Superclasses.obstacle(owner) : null;
        if (obstacle != null) {
            refuse(frame, PinReason.CONSTRUCTOR, obstacle);
            return;
        }
        int callee = methodSites.callees[site];
        if (!callMatches(frame, callee)) {
            return;
        }
        Frame needing = methodSites.delegates(site) && methodSites.forgetsArguments(site) ? needingArguments() : null;
        if (needing != null) {
            refuse(
                    frame,
                    PinReason.CONSTRUCTOR,
                    "the arguments it has made for " + needing.owner().getName() + "." + needing.method()
                            + " are needed again");
            return;
        }
        boolean entersOwnMonitor =
                frames.isEmpty() && site == 0 && methodSites.entryPoll && methodSites.synchronizedMethod;
        frames.add(new Frame(
                owner,
                method,
                site,
                methodSites.bodyHash,
                methodSites.synchronizedMethod,
                entersOwnMonitor,
                callee == ClassSites.MONITOR_POLL,
                methodSites.delegates(site),
                methodSites,
                frame,
                callee == ClassSites.HANDLE ? passage.result(leadsToMethod()) : HandlePassage.NONE));
        rebuiltBytes += methodSites.rebuiltBytes;
        lastIsBase = methodSites.base;
        gap = null;
        passage.clear();
    }

    /** Of the constructors above that have called one another on the same object, the first that needs the arguments it had. */
    private @Nullable Frame needingArguments() {
        for (int index = frames.size() - 1; index >= 0; index--) {
            Frame frame = frames.get(index);
            ClassSites.MethodSites sites = frame.sites();
            if (sites == null || !frame.delegates()) {
                return null;
            }
            if (sites.needsArguments(frame.site())) {
                return frame;
            }
        }
        return null;
    }

    /** The JVM knows source files for the code of the newest version only, unless the class has none at all. */
    private static boolean isOfUnknownVersion(StackWalker.StackFrame frame) {
        return frame.getFileName() == null;
    }

    private boolean callMatches(StackWalker.StackFrame frame, int callee) {
        StackWalker.StackFrame forwarder = gap;
        if (callee == ClassSites.REPLAY || callee == ClassSites.HANDLE) {
            if (forwarder != null
                    && !frames.isEmpty()
                    && isConstructor(frames.get(frames.size() - 1).method())
                    && !forwarder.getClassName().equals(PASS_THROUGH)) {
                // Only there is the object that a repeated construction makes exchanged.
                refuse(forwarder, PinReason.METHOD_HANDLE_FRAME);
                return false;
            }
            boolean passes = callee == ClassSites.HANDLE
                    ? passage.result(leadsToMethod()) != HandlePassage.REFUSED
                    : passage.repeats();
            if (!passes && forwarder != null) {
                refuse(forwarder, PinReason.METHOD_HANDLE_FRAME);
            }
            return passes;
        }
        if (forwarder != null) {
            refuse(forwarder, PinReason.METHOD_HANDLE_FRAME);
            return false;
        }
        if (frames.isEmpty()) {
            boolean poll = callee == ClassSites.POLL || callee == ClassSites.MONITOR_POLL;
            if (!poll) {
                refuse(frame, PinReason.VM_UPCALL);
            }
            return poll;
        }
        Frame above = frames.get(frames.size() - 1);
        if (callee != ClassSites.calleeHash(above.method())) {
            refuse(frame, PinReason.VM_UPCALL, "into " + above.owner().getName() + "." + above.method());
            return false;
        }
        return true;
    }

    /** Whether the frame above is one of a method that can be called directly. */
    private boolean leadsToMethod() {
        if (frames.isEmpty()) {
            return false;
        }
        Frame above = frames.get(frames.size() - 1);
        return above.owner() != Leaves.class && above.method().charAt(0) != '<';
    }

    private static boolean isConstructor(String method) {
        return method.startsWith("<init>");
    }

    private PinReason reasonOfMissingSite(String method) {
        if (frames.isEmpty()) {
            return PinReason.STALE_FRAME;
        }
        boolean constructs = isConstructor(method)
                || isConstructor(frames.get(frames.size() - 1).method());
        return constructs ? PinReason.CONSTRUCTOR : PinReason.VM_UPCALL;
    }

    private static PinReason reasonOfUnwoven(StackWalker.StackFrame frame, Class<?> owner) {
        if (frame.isNativeMethod() || owner.getName().startsWith(NATIVE_CALLS_PREFIX)) {
            return PinReason.NATIVE_FRAME;
        }
        if (frame.getMethodName().equals("<clinit>")) {
            return PinReason.STATIC_INITIALIZER;
        }
        if (frame.getMethodName().equals("<init>")) {
            return PinReason.CONSTRUCTOR;
        }
        ClassLoader loader = owner.getClassLoader();
        if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
            return PinReason.JDK_FRAME;
        }
        return PinReason.UNWOVEN_CLASS;
    }

    private void requireBase() {
        if (pin == null && (frames.isEmpty() || !lastIsBase)) {
            pin = new Pin(
                    Thread.currentThread().getName(), PinReason.VM_UPCALL, bottom(), "not a thread's first method");
        }
    }

    private @Nullable String bottom() {
        if (frames.isEmpty()) {
            return null;
        }
        Frame last = frames.get(frames.size() - 1);
        return last.owner().getName() + "." + last.method();
    }

    private void refuse(StackWalker.StackFrame frame, PinReason reason) {
        refuse(frame, reason, null);
    }

    private void refuse(StackWalker.StackFrame frame, PinReason reason, @Nullable String detail) {
        pin = new Pin(
                Thread.currentThread().getName(),
                reason,
                frame.toStackTraceElement().toString(),
                detail);
    }
}
