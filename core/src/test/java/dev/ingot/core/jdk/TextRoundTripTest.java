package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Slot;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TextRoundTripTest {

    @Test
    void findsLocalesWithAllTheirParts() throws Exception {
        for (String tag :
                new String[] {"de", "de-AT", "zh-Hant-TW", "sr-Latn-RS-x-lvariant-ijekavsk", "ja-JP-u-ca-japanese"}) {
            assertThat(RoundTrip.resolved(Locale.forLanguageTag(tag))).isEqualTo(Locale.forLanguageTag(tag));
        }
        assertThat(RoundTrip.resolved(new Locale("ja", "JP", "JP"))).isEqualTo(new Locale("ja", "JP", "JP"));
        assertThat(RoundTrip.resolved(new Locale("not a language", "x"))).isEqualTo(new Locale("not a language", "x"));
        assertThat(RoundTrip.resolved(new Locale("de", "DE"))).isSameAs(Locale.GERMANY);
    }

    @Test
    void findsCharsetsZonesAndCurrencies() throws Exception {
        assertThat(RoundTrip.resolved(StandardCharsets.UTF_16LE)).isSameAs(StandardCharsets.UTF_16LE);
        assertThat(RoundTrip.resolved(Charset.forName("windows-1252"))).isEqualTo(Charset.forName("windows-1252"));
        assertThat(RoundTrip.resolved(ZoneId.of("Europe/Vienna"))).isEqualTo(ZoneId.of("Europe/Vienna"));
        assertThat(RoundTrip.resolved(ZoneOffset.ofHours(-3))).isSameAs(ZoneOffset.ofHours(-3));
        assertThat(RoundTrip.resolved(Currency.getInstance("EUR"))).isSameAs(Currency.getInstance("EUR"));
    }

    @Test
    void findsTheOneCalendarSystem() throws Exception {
        Object gregorian = Slot.of(GregorianCalendar.class, "calsys").get(new GregorianCalendar());

        assertThat(RoundTrip.resolved(gregorian)).isSameAs(gregorian);
    }

    @Test
    void compilesPatternsWithTheirFlags() throws Exception {
        Pattern restored =
                RoundTrip.resolved(Pattern.compile("(?<word>a+)b # word", Pattern.CASE_INSENSITIVE | Pattern.COMMENTS));

        Matcher matcher = restored.matcher("xxAAb");
        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group("word")).isEqualTo("AA");
    }

    @Test
    void namesAZoneThisJvmDoesNotKnow() {
        ObjectResolver<?> resolver = JdkCodecs.resolvers().stream()
                .filter(candidate ->
                        candidate.accepts(ZoneId.of("Europe/Vienna").getClass()))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> resolver.resolve(Object.class, new Object[] {"Moon/Tycho"}))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("Moon/Tycho");
    }
}
