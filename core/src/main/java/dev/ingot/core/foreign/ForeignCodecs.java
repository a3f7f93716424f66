package dev.ingot.core.foreign;

import dev.ingot.core.heap.ObjectCodec;
import java.util.List;

/** The codecs of this package. Loading them touches none of the classes they are for. */
public final class ForeignCodecs {
    private ForeignCodecs() {}

    /** The codecs, for one image. */
    public static List<ObjectCodec<?>> codecs() {
        return List.of(
                new JffiCodec(),
                new JffiLibraryCodec(),
                new JffiContextCodec(),
                new JffiFunctionCodec(),
                new JnrMagazineCodec(),
                new JnrMemoryCodec(),
                new JnrPartCodec(),
                new JnaCodec(),
                new JnaLibraryCodec(),
                new JnaDisposerCodec(),
                new JnaMemoryCodec(),
                new JnaPartCodec(),
                new JnaAddressCodec(),
                new JnaDirectMappingCodec(),
                new NettyBufferCodec(),
                new AgronaBufferCodec(),
                new AddressFieldsCodec());
    }

    /** Whether these codecs carry what the native library keeps that {@code by} loaded, and load it again. */
    public static boolean carries(Class<?> by) {
        return by.getName().equals(JffiCodec.LOADER) || by.getName().equals(JnaCodec.NATIVE);
    }
}
