package dev.ingot.core.jdk.lang;

/** When the codecs of this package set their objects, relative to each other and to all others, which stand at zero. */
final class RestoreOrder {
    /** Before anything that might load a class. */
    static final int CLASS_PATH = -1000;

    static final int THREAD_GROUP = -200;
    static final int THREAD = -100;

    private RestoreOrder() {}
}
