package dev.ingot.api;

import java.util.List;

/**
 * Names classes whose objects Ingot saves by a Kryo serializer instead of field by field: objects that stand for something
 * outside the JVM. Found by {@link java.util.ServiceLoader} with the program's class loader; needs Kryo on the program's class
 * path.
 */
public interface CodecProvider {

    /** The codecs, at most one per class. Called before each checkpoint, while the program runs. */
    List<Codec<?>> codecs();
}
