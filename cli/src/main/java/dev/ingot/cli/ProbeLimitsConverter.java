package dev.ingot.cli;

import dev.ingot.node.ProbeLimits;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From when on what nodes measure of themselves speaks against them. */
final class ProbeLimitsConverter implements ITypeConverter<ProbeLimits> {
    @Override
    public ProbeLimits convert(String text) {
        try {
            return ProbeLimits.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
    }
}
