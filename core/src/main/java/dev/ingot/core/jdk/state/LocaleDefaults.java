package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.Slot;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** The default locales and, once somebody has asked for it, the default time zone. */
final class LocaleDefaults implements StatePart {
    private static final Slot[] FIELDS = {
        Slot.of(Locale.class, "defaultLocale"),
        Slot.of(Locale.class, "defaultDisplayLocale"),
        Slot.of(Locale.class, "defaultFormatLocale"),
        Slot.of(TimeZone.class, "defaultTimeZone")
    };

    @Override
    public String name() {
        return "locale-defaults";
    }

    @Override
    public Object capture() {
        @Nullable Object[] values = new @Nullable Object[FIELDS.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = FIELDS[i].get(null);
        }
        return values;
    }

    @Override
    public void restore(Object state) {
        Object[] values = (Object[]) state;
        for (int i = 0; i < FIELDS.length; i++) {
            if (values[i] != null) {
                FIELDS[i].put(null, values[i]);
            }
        }
    }
}
