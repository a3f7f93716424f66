package dev.ingot.accelerator.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTest {

    @Test
    void readsAllParts() {
        assertThat(Share.parse("owner=team-a, weight=2, memory=4g")).isEqualTo(new Share("team-a", 2, 4L << 30));
        assertThat(Share.parse("memory=512K,owner=b")).isEqualTo(new Share("b", 1, 512 << 10));
        assertThat(Share.parse("owner=c,memory=1000")).isEqualTo(new Share("c", 1, 1000));
        assertThat(Share.parse("owner=d")).isEqualTo(new Share("d", 1, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weight=2 | needs an owner",
                "owner=a,weigth=2 | 'weigth=2' is no part of a share",
                "owner=a,weight | 'weight' is no part of a share",
                "owner=a,weight=0 | a weight from 1 to 1000, not 0",
                "owner=a,weight=many | the weight of a share is a number, not 'many'",
                "owner=a,memory=g | the memory of a share is a number, not ''",
                "owner=a,memory=0 | has memory, not 0 bytes",
                "owner=a,memory=99999999999g | less than 9223372036854775807 bytes, not '99999999999g'",
                "owner=a,memory=-99999999999g | less than 9223372036854775807 bytes, not '-99999999999g'"
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Share.parse(text)).withMessageContaining(message);
    }
}
