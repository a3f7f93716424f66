package dev.ingot.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Amounts of memory: a whole number and a unit. In MiB. */
final class MemoryConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([mgMG])");
    private static final long MIB_PER_GIB = 1024;

    @Override
    public Long convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no amount of memory; write a whole number and m or g, such as 512m");
        }
        long number = Long.parseLong(form.group(1));
        return form.group(2).equalsIgnoreCase("g") ? number * MIB_PER_GIB : number;
    }
}
