package dev.ingot.core.jdk.text;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Locales by language, script, country, variant and extensions, ill-formed ones too. Equal locales become one, the one the
 * JDK hands out.
 */
final class LocaleResolver implements ObjectResolver<Locale> {
    private static final Class<?> BASE = JdkClass.of("sun.util.locale.BaseLocale");
    private static final Class<?> EXTENSIONS = JdkClass.of("sun.util.locale.LocaleExtensions");
    private static final Slot EXTENSIONS_FIELD = Slot.of(Locale.class, "localeExtensions");
    private static final HiddenMethod EXTENSIONS_ID = HiddenMethod.of(EXTENSIONS, "getID");
    private static final HiddenMethod NEW_BASE =
            HiddenMethod.of(BASE, "getInstance", String.class, String.class, String.class, String.class);
    private static final HiddenMethod NEW_LOCALE = HiddenMethod.of(Locale.class, "getInstance", BASE, EXTENSIONS);

    @Override
    public boolean accepts(Class<?> type) {
        return type == Locale.class;
    }

    @Override
    public @Nullable Object[] describe(Locale locale) {
        Object extensions = EXTENSIONS_FIELD.get(locale);
        return new @Nullable Object[] {
            locale.getLanguage(),
            locale.getScript(),
            locale.getCountry(),
            locale.getVariant(),
            extensions == null ? "" : EXTENSIONS_ID.call(extensions)
        };
    }

    @Override
    public Locale resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("locale", description);
        Object base = NEW_BASE.call(
                null,
                parts.get(0, String.class),
                parts.get(1, String.class),
                parts.get(2, String.class),
                parts.get(3, String.class));
        Object locale = NEW_LOCALE.call(null, base, extensions(parts.get(4, String.class)));
        if (locale == null) {
            throw new IllegalStateException("the JDK made no locale");
        }
        return (Locale) locale;
    }

    private static @Nullable Object extensions(String id) {
        return id.isEmpty() ? null : EXTENSIONS_FIELD.get(Locale.forLanguageTag("und-" + id));
    }
}
