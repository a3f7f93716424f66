package dev.ingot.core.image;

import org.jspecify.annotations.Nullable;

/** Says who else compresses and seals chunks. Thread-safe. */
@FunctionalInterface
public interface Sidecars {
    /** Nobody. */
    Sidecars NONE = () -> null;

    /** Who does it for an image that has become large; null if this process has to. */
    @Nullable ChunkSidecar get();
}
