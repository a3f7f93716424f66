package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JdkMethodsTest {
    @Test
    void takesTheFirstRuleForAClassWhetherItNamesOneClassOrMany() {
        assertThat(JdkMethods.isWoven("java/util/concurrent/TimeUnit", "sleep")).isTrue();
        assertThat(JdkMethods.isWoven("java/util/concurrent/TimeUnit", "convert"))
                .isFalse();
        assertThat(JdkMethods.isWoven("java/util/concurrent/ConcurrentHashMap", "put"))
                .isFalse();
        assertThat(JdkMethods.isWoven("java/util/concurrent/FutureTask", "awaitDone"))
                .isTrue();
        assertThat(JdkMethods.isWoven("java/util/Stack", "pop")).isTrue();
        assertThat(JdkMethods.isWoven("java/util/HashMap", "get")).isFalse();
        assertThat(JdkMethods.isWoven("java/util/HashMap", "computeIfAbsent")).isTrue();
        assertThat(JdkMethods.isWoven("java/io/Reader", "readLine")).isTrue();
        assertThat(JdkMethods.isWoven("java/io/Reader", "close")).isFalse();
    }

    @Test
    void weavesWhatHandsElementsToStreamsOneByOne() {
        assertThat(JdkMethods.isWoven("java/util/ArrayList$ArrayListSpliterator", "tryAdvance"))
                .isTrue();
        assertThat(JdkMethods.isWoven("java/util/HashMap$KeySpliterator", "tryAdvance"))
                .isTrue();
        assertThat(JdkMethods.isWoven("java/util/Spliterators$ArraySpliterator", "tryAdvance"))
                .isTrue();
        assertThat(JdkMethods.isWoven("java/util/concurrent/ConcurrentHashMap$KeySpliterator", "tryAdvance"))
                .isTrue();
        assertThat(JdkMethods.isWoven("java/lang/StringLatin1$LinesSpliterator", "tryAdvance"))
                .isTrue();
    }

    @Test
    void hasNoRuleForMostClasses() {
        assertThat(JdkMethods.mayWeave("java/lang/String")).isFalse();
        assertThat(JdkMethods.mayWeave("sun/nio/ch/SelChImplOther")).isFalse();
        assertThat(JdkMethods.mayWeave("org/example/java/util/HashMap")).isFalse();
    }
}
