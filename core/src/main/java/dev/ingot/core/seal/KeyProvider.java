package dev.ingot.core.seal;

/**
 * Keeps a key-encryption key and wraps data keys with it. The key is symmetric, so that whoever can wrap is trusted to make
 * images: what unwraps was sealed by somebody who has the key. Thread-safe.
 */
public interface KeyProvider {
    /** The key as the options name it; holds nothing secret. */
    String name();

    /** Wraps a data key so that only this key unwraps it. */
    WrappedKey wrap(byte[] dataKey) throws KeyException;

    /** The data key, if this key wrapped it. */
    byte[] unwrap(WrappedKey wrapped) throws KeyException;
}
