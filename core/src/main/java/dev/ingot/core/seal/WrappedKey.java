package dev.ingot.core.seal;

/**
 * A data key as it lies beside an image.
 *
 * @param provider the kind of the provider that wrapped it, such as {@code file}
 * @param keyId tells the wrapping key from others of that provider; not secret
 * @param text the wrapped bytes, in a form of the provider's
 */
public record WrappedKey(String provider, String keyId, String text) {}
