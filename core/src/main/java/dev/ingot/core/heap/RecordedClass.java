package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/**
 * The bytes a class was defined from.
 *
 * @param bytes the class file as the program's loader gave it to the JVM, before any weaving
 * @param hidden how a hidden class was defined; null for a class that has a name
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Never compared; a copy of each class file would double the memory of a capture.
public record RecordedClass(byte[] bytes, @Nullable HiddenDefinition hidden) {

    /** How a hidden class was defined. Its class data is read from the class itself. */
    public record HiddenDefinition(Class<?> host, boolean nestmate, boolean strong) {}
}
