package dev.ingot.cli;

import dev.ingot.core.seal.KeyName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a key; messages do not repeat it, somebody may have written a password there. */
final class KeyNameConverter implements ITypeConverter<KeyName> {
    @Override
    public KeyName convert(String text) {
        try {
            return KeyName.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException(String.valueOf(malformed.getMessage()));
        }
    }
}
