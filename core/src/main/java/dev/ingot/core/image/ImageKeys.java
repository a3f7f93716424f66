package dev.ingot.core.image;

import dev.ingot.core.seal.KeyProvider;
import org.jspecify.annotations.Nullable;

/** With which key images are sealed and opened. Immutable; thread-safe. */
public final class ImageKeys {
    /** No key: images are written in the clear, and sealed ones do not open. */
    public static final ImageKeys NONE = new ImageKeys(null, false);

    private final @Nullable KeyProvider provider;
    private final boolean sealedOnly;

    private ImageKeys(@Nullable KeyProvider provider, boolean sealedOnly) {
        this.provider = provider;
        this.sealedOnly = sealedOnly;
    }

    /** For running what an image says: only images that were sealed with the key open. */
    public static ImageKeys sealedOnly(KeyProvider provider) {
        return new ImageKeys(provider, true);
    }

    /** For looking at images: sealed ones open with the key, and so do those in the clear. */
    public static ImageKeys either(KeyProvider provider) {
        return new ImageKeys(provider, false);
    }

    @Nullable KeyProvider provider() {
        return provider;
    }

    boolean isSealedOnly() {
        return sealedOnly;
    }
}
