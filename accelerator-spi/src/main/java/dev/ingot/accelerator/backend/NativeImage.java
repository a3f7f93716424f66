package dev.ingot.accelerator.backend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The whole state of a device in the middle of a step, in bytes that only a device of the same build understands: the native level of
 * capture that an image can hold. Immutable.
 *
 * <p>It goes to native code in the end, so nobody gives its content away before it {@linkplain #isIntact is intact}.
 */
public final class NativeImage {
    /**
     * The attribute of a descriptor whose backends make and take such images. Its text names the build: two devices that say the same
     * take each other's.
     */
    public static final String ATTRIBUTE = "native.image";

    /** How large the content may be, in bytes. */
    public static final int MOST_BYTES = 16 << 20;

    private final String build;
    private final byte[] content;
    private final byte[] digest;

    private NativeImage(String build, byte[] content, byte[] digest) {
        this.build = Objects.requireNonNull(build);
        this.content = Objects.requireNonNull(content);
        this.digest = Objects.requireNonNull(digest);
    }

    /**
     * An image of what a device holds.
     *
     * @param build what the device's {@link #ATTRIBUTE} says
     * @param content is copied
     * @throws IllegalArgumentException if there are more than {@link #MOST_BYTES}
     */
    public static NativeImage of(String build, byte[] content) {
        if (content.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a native image of " + content.length + " bytes is larger than " + MOST_BYTES);
        }
        return new NativeImage(build, content.clone(), digest(build, content));
    }

    /**
     * An image as it came from elsewhere, intact or not.
     *
     * @param digest what {@link #digest()} said there
     */
    public static NativeImage restored(String build, byte[] content, byte[] digest) {
        return new NativeImage(build, content.clone(), digest.clone());
    }

    /** What a device must be of to take it. */
    public String build() {
        return build;
    }

    /** Of the content, in bytes. */
    public int size() {
        return content.length;
    }

    /** The content, which cannot be changed. */
    public ByteBuffer content() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /** A hash of build and content as they were made; a copy. */
    public byte[] digest() {
        return digest.clone();
    }

    /** Whether it is what it was, and no larger than it may be. */
    public boolean isIntact() {
        return content.length <= MOST_BYTES && Arrays.equals(digest(build, content), digest);
    }

    private static byte[] digest(String build, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] name = build.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
            digest.update(name);
            return digest.digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NativeImage image
                && build.equals(image.build)
                && Arrays.equals(content, image.content)
                && Arrays.equals(digest, image.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return size() + " bytes of build " + build;
    }
}
