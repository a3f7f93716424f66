package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The handle by which an {@link Inflater} or {@link Deflater} holds its native stream. */
final class ZlibObjects {
    private static final Class<?> INFLATER_REF = JdkClass.of("java.util.zip.Inflater$InflaterZStreamRef");
    private static final Class<?> DEFLATER_REF = JdkClass.of("java.util.zip.Deflater$DeflaterZStreamRef");
    private static final Slot INFLATER_HANDLE = Slot.of(Inflater.class, "zsRef");
    private static final Slot DEFLATER_HANDLE = Slot.of(Deflater.class, "zsRef");
    private static final Slot INFLATER_ADDRESS = Slot.of(INFLATER_REF, "address");
    private static final Slot DEFLATER_ADDRESS = Slot.of(DEFLATER_REF, "address");
    private static final JdkCall NEW_INFLATER_REF = JdkCall.constructor(INFLATER_REF, Inflater.class, long.class);
    private static final JdkCall NEW_DEFLATER_REF = JdkCall.constructor(DEFLATER_REF, Deflater.class, long.class);
    private static final JdkCall INIT_INFLATE = JdkCall.of(Inflater.class, "init", boolean.class);
    private static final JdkCall INIT_DEFLATE = JdkCall.of(Deflater.class, "init", int.class, int.class, boolean.class);

    private ZlibObjects() {}

    /** The address of the native stream, 0 once ended. */
    static long address(Inflater inflater) {
        Object handle = INFLATER_HANDLE.get(inflater);
        return handle == null ? 0 : INFLATER_ADDRESS.getLong(handle);
    }

    static long address(Deflater deflater) {
        Object handle = DEFLATER_HANDLE.get(deflater);
        return handle == null ? 0 : DEFLATER_ADDRESS.getLong(handle);
    }

    /** Gives an inflater that has none a native stream, freed with it. */
    static long begin(Inflater inflater, boolean raw) throws IOException {
        long address = (Long) INIT_INFLATE.result(null, raw);
        INFLATER_HANDLE.put(inflater, NEW_INFLATER_REF.result(null, inflater, address));
        return address;
    }

    static long begin(Deflater deflater, int level, int strategy, boolean raw) throws IOException {
        long address = (Long) INIT_DEFLATE.result(null, level, strategy, raw);
        DEFLATER_HANDLE.put(deflater, NEW_DEFLATER_REF.result(null, deflater, address));
        return address;
    }
}
