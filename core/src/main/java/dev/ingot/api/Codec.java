package dev.ingot.api;

import com.esotericsoftware.kryo.Serializer;

/**
 * Saves the objects of one class by a Kryo serializer.
 *
 * <p>The serializer is called while the program's threads stand, by a thread of Ingot's: it must not wait for one of them. It
 * writes all that matters; the object it reads gives its field values to the object that the program refers to, so identity
 * and cycles survive. The serializer itself becomes part of the image.
 *
 * @param type the class; its subclasses are not meant, and it is neither an array nor a primitive type
 * @param serializer reads and writes its objects
 */
public record Codec<T>(Class<T> type, Serializer<T> serializer) {

    public Codec {
        if (type.isArray() || type.isPrimitive() || type.isInterface()) {
            throw new IllegalArgumentException(
                    "cannot have a codec for " + type.getTypeName() + ": it must be a class");
        }
    }
}
