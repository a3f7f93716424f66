package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassHashes;
import dev.ingot.core.jvm.IdentityHashes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class that an image refers to, and the class of this JVM it has become, once there is one. */
final class ImageClass {
    final int number;
    final int hash;
    final int kind;
    final String name;
    /** Id of the loader, 0 for the boot loader; unused for primitive, array and hidden classes. */
    final int loader;
    /** Component, superclass and interfaces, or host: what must be there first. */
    final int[] needed;

    final byte[] bytes;
    final int flags;

    int protectionDomain;
    int classData;
    private @Nullable Class<?> type;
    private @Nullable String problem;
    private boolean stoodIn;

    ImageClass(int number, int hash, int kind, String name, int loader, int[] needed, byte[] bytes, int flags) {
        this.number = number;
        this.hash = hash;
        this.kind = kind;
        this.name = name;
        this.loader = loader;
        this.needed = needed;
        this.bytes = bytes;
        this.flags = flags;
    }

    /** The class, or null while it is not there. */
    @Nullable Class<?> type() {
        return type;
    }

    /** @param replaceHash whether the class gets the hash of the image even if it has another one */
    void become(Class<?> found, boolean replaceHash) {
        if (hash > 0 && replaceHash) {
            // Of one that was made just now; the others have it already.
            ClassHashes.give(List.of(found), new int[] {hash});
        } else if (hash > 0 && IdentityHashes.SUPPORTED) {
            IdentityHashes.claim(found, hash);
        }
        type = found;
    }

    /** @param other keeps the hash it has, since it is also a class of its own */
    void beStoodInForBy(Class<?> other) {
        type = other;
        stoodIn = true;
    }

    /** Whether objects of it are without their fields here. */
    boolean isStoodIn() {
        return stoodIn;
    }

    /** Why this JVM does not have the class, or null. */
    @Nullable String problem() {
        return problem;
    }

    /** Lets it be tried again. */
    void forgetProblem() {
        problem = null;
    }

    void fail(String reason) {
        problem = reason;
    }
}
