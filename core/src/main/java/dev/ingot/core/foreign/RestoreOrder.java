package dev.ingot.core.foreign;

/** The order in which this package's codecs restore, after those for the JDK: each may rely on those before it. */
final class RestoreOrder {
    /** The native part of the library itself. */
    static final int NATIVE_PART = 1_000_000;
    /** Libraries that it has loaded. */
    static final int LIBRARY = NATIVE_PART + 1;
    /** Addresses within libraries. */
    static final int ADDRESS = LIBRARY + 1;
    /** Forms of calls, over types; memory. */
    static final int CONTEXT = ADDRESS + 1;
    /** Functions, over forms of calls; parts of memory. */
    static final int FUNCTION = CONTEXT + 1;

    /** Native methods, over functions. */
    static final int BOUND_METHODS = FUNCTION + 1;

    private RestoreOrder() {}
}
