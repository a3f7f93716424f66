package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/** Is told the records of the shape lane in order. */
interface ShapeHandler {
    int NO_LENGTH = -1;

    void onClass(ImageClass added) throws ImageFormatException;

    void onPlan(ImagePlan added) throws ImageFormatException, NotRestorableException;

    /** An object to be looked up; in its absence an empty array of class {@code substitute} will do, or a new thread local of it, if that is not null. */
    void onExternal(int hash, String name, @Nullable ImageClass substitute);

    void onLiteral(int hash, String text);

    void onMirror(ImageClass type);

    void onModule(int hash, int loader);

    void onLoader(int id, String key);

    void onResolved(int hash, ImagePlan plan, LaneInput description)
            throws ImageFormatException, NotRestorableException;

    /** An object of a plan that {@linkplain ImagePlan#isPlain is plain}, to be allocated. */
    void onPlain(int hash, ImagePlan plan) throws ImageFormatException, NotRestorableException;

    /** An object to be allocated; {@code length} is that of an array, else {@link #NO_LENGTH}. */
    void onInstance(int hash, ImagePlan plan, int length) throws ImageFormatException, NotRestorableException;
}
