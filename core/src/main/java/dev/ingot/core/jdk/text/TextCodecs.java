package dev.ingot.core.jdk.text;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Leaf;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The resolvers and codecs of this package. */
public final class TextCodecs {

    private TextCodecs() {}

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new FractionPrinterCodec(), new CollatorCodec());
    }

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(
                new LocaleResolver(),
                new CharsetLeaf(),
                new CurrencyLeaf(),
                new ZoneRegionLeaf(),
                new ZoneOffsetLeaf(),
                new CalendarSystemLeaf(),
                new PatternLeaf());
    }

    /** The JDK's charsets. One of the program is an object like any other, and need not be known by its name. */
    private static final class CharsetLeaf extends Leaf<Charset> {
        CharsetLeaf() {
            super("java.nio.charset.Charset", Range.JDK_SUBTYPES);
        }

        @Override
        public @Nullable Object[] describe(Charset charset) {
            return new Object[] {charset.name()};
        }

        @Override
        protected Charset find(Parts parts) throws NotRestorableException {
            return Charset.forName(parts.get(0, String.class));
        }
    }

    private static final class CurrencyLeaf extends Leaf<Currency> {
        CurrencyLeaf() {
            super("java.util.Currency", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(Currency currency) {
            return new Object[] {currency.getCurrencyCode()};
        }

        @Override
        protected Currency find(Parts parts) throws NotRestorableException {
            return Currency.getInstance(parts.get(0, String.class));
        }
    }

    private static final class ZoneRegionLeaf extends Leaf<ZoneId> {
        ZoneRegionLeaf() {
            super("java.time.ZoneRegion", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(ZoneId zone) {
            return new Object[] {zone.getId()};
        }

        @Override
        protected ZoneId find(Parts parts) throws NotRestorableException {
            return ZoneId.of(parts.get(0, String.class));
        }
    }

    private static final class ZoneOffsetLeaf extends Leaf<ZoneOffset> {
        ZoneOffsetLeaf() {
            super("java.time.ZoneOffset", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(ZoneOffset offset) {
            return new Object[] {offset.getTotalSeconds()};
        }

        @Override
        protected ZoneOffset find(Parts parts) throws NotRestorableException {
            return ZoneOffset.ofTotalSeconds(parts.get(0, Integer.class));
        }
    }

    /** Calendars compare their calendar system by identity. */
    private static final class CalendarSystemLeaf extends Leaf<Object> {
        private static final String TYPE = "sun.util.calendar.CalendarSystem";

        CalendarSystemLeaf() {
            super(TYPE, Range.JDK_SUBTYPES);
        }

        @Override
        public @Nullable Object[] describe(Object system) {
            return new @Nullable Object[] {
                HiddenMethod.of(JdkClass.of(TYPE), "getName").call(system)
            };
        }

        @Override
        protected Object find(Parts parts) throws NotRestorableException {
            String name = parts.get(0, String.class);
            Object found =
                    HiddenMethod.of(JdkClass.of(TYPE), "forName", String.class).call(null, name);
            if (found == null) {
                throw new NotRestorableException("cannot restore the calendar system '" + name
                        + "': this JDK has none of that name; resume on the JDK of the image");
            }
            return found;
        }
    }

    /** A compiled expression holds lambdas of the JDK that differ by version; compiling it again gives the same matches. */
    private static final class PatternLeaf extends Leaf<Pattern> {
        private static final Slot FLAGS = Slot.of(Pattern.class, "flags");

        PatternLeaf() {
            super("java.util.regex.Pattern", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(Pattern pattern) {
            return new Object[] {pattern.pattern(), FLAGS.getInt(pattern)};
        }

        @Override
        protected Pattern find(Parts parts) throws NotRestorableException {
            return Pattern.compile(parts.get(0, String.class), parts.get(1, Integer.class));
        }
    }
}
