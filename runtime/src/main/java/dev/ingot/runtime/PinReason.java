package dev.ingot.runtime;

/** Why a thread could not be captured at the instants at which it was tried. */
public enum PinReason {
    /** A native method is on the stack; its native frames cannot be saved. */
    NATIVE_FRAME("let the native call return"),
    /** A static initialiser is running; the JVM keeps its progress where no one can save it. */
    STATIC_INITIALIZER("let the initialiser finish; move long work out of static initialisers"),
    /** A constructor is running that cannot be re-entered. */
    CONSTRUCTOR("let the constructor finish; move long work out of constructors"),
    /** A method-handle adapter is on the stack that does more than forward a call. */
    METHOD_HANDLE_FRAME("let the method handle's target return"),
    /** A class of the JDK that Ingot does not weave is on the stack. */
    JDK_FRAME("let the call into the JDK return"),
    /** A class excluded by option, or loaded before Ingot could weave it, is on the stack. */
    UNWOVEN_CLASS("remove the class from exclude=, or attach Ingot with -javaagent"),
    /** A method is too large to be given capture code. */
    METHOD_TOO_LARGE("split the method"),
    /** A method enters and leaves monitors in a way that is not nested. */
    UNSTRUCTURED_LOCKING("leave monitors in the reverse order of entering them"),
    /** The JVM itself called into Java code, for example to load a class. */
    VM_UPCALL("let the class loading finish"),
    /** The program declared the region it is in as not checkpointable. */
    UNCHECKPOINTABLE_REGION("leave the region"),
    /** The stack has no room left to look at it, or none for its frames to be rebuilt on it. */
    STACK_NEARLY_FULL("run with a larger -Xss"),
    /** The thread blocks in a call that cannot be woken. */
    BLOCKING_CALL("let the call return"),
    /** The thread runs code without a poll, such as a long JDK or native call. */
    NO_POLL_REACHED("let the call return, or raise deadline="),
    /** The thread is a virtual thread of a JVM whose virtual threads cannot be captured. */
    VIRTUAL_THREAD(
            "join virtual threads before the checkpoint, or run on JDK 24 or later without -Djdk.trackAllThreads=false"),
    /** A frame is on the stack in a version of its class that Ingot did not weave. */
    STALE_FRAME("let the method return");

    private final String remedy;

    PinReason(String remedy) {
        this.remedy = remedy;
    }

    /** What the user can do, as a phrase without a capital or a full stop. */
    public String remedy() {
        return remedy;
    }
}
