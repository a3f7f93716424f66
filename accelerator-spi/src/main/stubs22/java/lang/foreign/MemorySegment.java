package java.lang.foreign;

import java.nio.Buffer;
import java.nio.ByteBuffer;

/** As much of the JDK's own type as is compiled against here. It goes into no jar. */
public interface MemorySegment {
    static MemorySegment ofBuffer(Buffer buffer) {
        throw new UnsupportedOperationException("a stub");
    }

    long byteSize();

    MemorySegment asSlice(long offset, long size);

    ByteBuffer asByteBuffer();
}
