package dev.ingot.core.image;

import dev.ingot.core.seal.KeyProvider;
import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKeys;
import org.jspecify.annotations.Nullable;

/** With which keys images are sealed, opened, signed and believed. Immutable; thread-safe. */
public final class ImageKeys {
    /** No key: images are written in the clear, sealed ones do not open, and nobody has to vouch for any. */
    public static final ImageKeys NONE = new ImageKeys(null, false, null, null);

    private final @Nullable KeyProvider provider;
    private final boolean sealedOnly;
    private final @Nullable SigningKey signer;
    private final @Nullable TrustedKeys trusted;

    private ImageKeys(
            @Nullable KeyProvider provider,
            boolean sealedOnly,
            @Nullable SigningKey signer,
            @Nullable TrustedKeys trusted) {
        this.provider = provider;
        this.sealedOnly = sealedOnly;
        this.signer = signer;
        this.trusted = trusted;
    }

    /** For running what an image says: only images that were sealed with the key open. */
    public static ImageKeys sealedOnly(KeyProvider provider) {
        return new ImageKeys(provider, true, null, null);
    }

    /** For looking at images: sealed ones open with the key, and so do those in the clear. */
    public static ImageKeys either(KeyProvider provider) {
        return new ImageKeys(provider, false, null, null);
    }

    /** The same, and images are signed by {@code key}; null for not. */
    public ImageKeys signing(@Nullable SigningKey key) {
        return new ImageKeys(provider, sealedOnly, key, trusted);
    }

    /** The same, and only images that one of {@code keys} has signed open; null for all. */
    public ImageKeys trusting(@Nullable TrustedKeys keys) {
        return new ImageKeys(provider, sealedOnly, signer, keys);
    }

    @Nullable KeyProvider provider() {
        return provider;
    }

    boolean isSealedOnly() {
        return sealedOnly;
    }

    @Nullable SigningKey signer() {
        return signer;
    }

    @Nullable TrustedKeys trusted() {
        return trusted;
    }
}
