package dev.ingot.cli;

import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.TrustedKeys;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads public keys, so that no command begins without those that it is to trust. */
final class TrustedKeysConverter implements ITypeConverter<TrustedKeys> {
    @Override
    public TrustedKeys convert(String text) {
        try {
            return TrustedKeys.read(Path.of(text).toAbsolutePath().normalize());
        } catch (KeyException unusable) {
            throw new TypeConversionException(String.valueOf(unusable.getMessage()));
        }
    }
}
