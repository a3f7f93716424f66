package dev.ingot.core.jdk.text;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.math.BigDecimal;
import java.time.temporal.TemporalField;
import java.time.temporal.ValueRange;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a date formatter that prints fractions, such as milliseconds. Later JDKs have a class of its own for those of a second and
 * remember the range of the others.
 */
final class FractionPrinterCodec implements ObjectCodec<Object> {
    private static final String BUILDER = "java.time.format.DateTimeFormatterBuilder$";
    private static final String FRACTIONS = BUILDER + "FractionPrinterParser";
    private static final String NANOS = BUILDER + "NanosPrinterParser";
    private static final String NUMBERS = BUILDER + "NumberPrinterParser";
    private static final int OWN = 0;
    private static final int OF_NUMBERS = 1;
    private static final int FIRST = 2;
    private static final int COUNT = 3;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(FRACTIONS) || type.getName().equals(NANOS);
    }

    @Override
    public @Nullable Object[] capture(Object printer) {
        return new @Nullable Object[] {
            Slot.of(printer.getClass(), "decimalPoint").get(printer),
            NamedFields.of(printer, JdkClass.of(NUMBERS)),
            valueOf(printer, "minBD"),
            valueOf(printer, "rangeBD")
        };
    }

    @Override
    public void restore(Object printer, @Nullable Object[] state) throws NotRestorableException {
        Class<?> numbers = JdkClass.of(NUMBERS);
        NamedFields.set(printer, numbers, (Object[]) Objects.requireNonNull(state[OF_NUMBERS]));
        Slot.of(printer.getClass(), "decimalPoint").put(printer, state[OWN]);
        Slot first = Slot.find(printer.getClass(), "minBD");
        if (first == null) {
            return;
        }
        Slot count = Slot.of(printer.getClass(), "rangeBD");
        if (state[FIRST] != null && state[COUNT] != null) {
            first.put(printer, state[FIRST]);
            count.put(printer, state[COUNT]);
        } else {
            ValueRange range = range(Slot.of(numbers, "field").get(printer));
            BigDecimal least = BigDecimal.valueOf(range.getMinimum());
            first.put(printer, least);
            count.put(
                    printer,
                    BigDecimal.valueOf(range.getMaximum()).subtract(least).add(BigDecimal.ONE));
        }
    }

    private static @Nullable Object valueOf(Object printer, String name) {
        Slot slot = Slot.find(printer.getClass(), name);
        return slot == null ? null : slot.get(printer);
    }

    /** No code of the program runs while an image is read. */
    private static ValueRange range(@Nullable Object field) throws NotRestorableException {
        if (field instanceof TemporalField known && field.getClass().getClassLoader() == null) {
            return known.range();
        }
        throw new NotRestorableException("cannot restore a DateTimeFormatter that prints the fraction of " + field
                + ", which is not a field of the JDK");
    }
}
