package dev.ingot.cli;

import dev.ingot.scheduler.pool.Location;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where nodes stand. */
final class LocationConverter implements ITypeConverter<Location> {
    @Override
    public Location convert(String text) {
        try {
            return new Location(text);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
    }
}
