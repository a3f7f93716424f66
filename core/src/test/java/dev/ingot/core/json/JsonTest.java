package dev.ingot.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void readsWhatItWrites() throws JsonException {
        for (JsonWriter writer : List.of(JsonWriter.compact(), JsonWriter.indented())) {
            String text = writer.member("text", "a\"\\\n\t\u0001ü\ud83d\ude00")
                    .member("absent", (String) null)
                    .member("number", Long.MIN_VALUE)
                    .member("flag", true)
                    .list("rows")
                    .element()
                    .member("a", 1)
                    .end()
                    .element()
                    .end()
                    .endList()
                    .member("words", List.of("x", ""))
                    .member("map", Map.of("k", "v"))
                    .object("inner")
                    .end()
                    .finish();

            JsonObject object = JsonObject.parse(text);

            assertThat(object.names()).containsExactly("text", "number", "flag", "rows", "words", "map", "inner");
            assertThat(object.string("text")).isEqualTo("a\"\\\n\t\u0001ü\ud83d\ude00");
            assertThat(object.optionalString("absent")).isEmpty();
            assertThat(object.integer("number")).isEqualTo(Long.MIN_VALUE);
            assertThat(object.flag("flag")).isTrue();
            assertThat(object.objects("rows")).hasSize(2);
            assertThat(object.strings("words")).containsExactly("x", "");
            assertThat(object.stringMap("map")).containsEntry("k", "v");
        }
    }

    @Test
    void keepsAnyString() throws JsonException {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                value.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536)));
            }
            Map<String, String> map = new LinkedHashMap<>();
            map.put(value + "1", value.toString());
            String text = JsonWriter.compact().member("m", map).finish();

            assertThat(JsonObject.parse(text).stringMap("m")).isEqualTo(map);
            assertThat(text).doesNotContain("\n");
        }
    }

    @Test
    void refusesWhatIsNotJson() {
        for (String text : List.of(
                "",
                "{",
                "{}x",
                "[1]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":01x}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":tru}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":--1}",
                "{'a':1}",
                "{\"a\":1e999999999999999999999999999999999999999}",
                "{\"a\":\"",
                "nul")) {
            assertThatExceptionOfType(JsonException.class)
                    .as(text)
                    .isThrownBy(() -> JsonObject.parse(text))
                    .withMessageMatching(".+");
        }
    }

    @Test
    void refusesEndlessNestingWithoutOverflow() {
        String text = "{\"a\":" + "[".repeat(1_000_000);

        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonObject.parse(text))
                .withMessageContaining("nested deeper than 32");
    }

    @Test
    void namesTheMemberThatIsNotAsExpected() throws JsonException {
        JsonObject object = JsonObject.parse("{\"a\":1,\"b\":\"x\",\"c\":[1],\"d\":null,\"e\":1.5}");

        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.string("a"))
                .withMessageContaining("'a'");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.strings("c"))
                .withMessageContaining("'c'");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.string("d"))
                .withMessageContaining("'d' is missing");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.integer("e"))
                .withMessageContaining("'e'");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.integer("a", 2, 3))
                .withMessageContaining("allowed are 2 to 3");
    }

    @Test
    void refusesToFinishWhatIsOpen() {
        assertThatIllegalStateException()
                .isThrownBy(() -> JsonWriter.compact().object("a").finish());
    }
}
