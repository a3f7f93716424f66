package dev.ingot.agent.transform;

import java.util.zip.Adler32;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a woven class is found by: its name, with slashes, and what it was before weaving. Not a record: the first one of a JVM whose hash
 * is asked for costs a start many times what a class does.
 */
final class WovenKey {
    private final String name;
    private final long sum;
    private final int length;

    private WovenKey(String name, long sum, int length) {
        this.name = name;
        this.sum = sum;
        this.length = length;
    }

    /** Two sums that native code computes: a cryptographic hash would take longer than weaving saves. */
    static WovenKey of(String name, byte[] classFile) {
        CRC32 crc = new CRC32();
        crc.update(classFile);
        Adler32 adler = new Adler32();
        adler.update(classFile);
        return new WovenKey(name, crc.getValue() << Integer.SIZE | adler.getValue(), classFile.length);
    }

    String name() {
        return name;
    }

    /** Over the class file before weaving. */
    long sum() {
        return sum;
    }

    /** Bytes of the class file before weaving. */
    int length() {
        return length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WovenKey that && sum == that.sum && length == that.length && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return (int) (sum ^ sum >>> Integer.SIZE) * 31 + name.hashCode();
    }
}
