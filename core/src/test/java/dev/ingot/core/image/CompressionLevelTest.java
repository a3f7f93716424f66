package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompressionLevelTest {
    private final CompressionLevel level = new CompressionLevel(2);

    private void chunks(int count, long encoding, long writing) {
        for (int chunk = 0; chunk < count; chunk++) {
            level.took(encoding, writing);
        }
    }

    @Test
    void isTheFastestWhereTheDiskKeepsUp() {
        chunks(100, 1000, 400);

        assertThat(level.get()).isEqualTo(CompressionLevel.FASTEST);
    }

    @Test
    void risesWhileTheDiskIsWaitedForAndFallsAgain() {
        chunks(8, 1000, 2000);
        assertThat(level.get()).isEqualTo(CompressionLevel.MIDDLE);

        chunks(8, 1000, 20_000);
        assertThat(level.get()).isEqualTo(CompressionLevel.HARDEST);

        chunks(100, 4000, 100);
        assertThat(level.get()).isEqualTo(CompressionLevel.FASTEST);
    }

    @Test
    void staysWhereAHigherOneWouldBeWaitedFor() {
        chunks(100, 1000, 1000);

        assertThat(level.get()).isEqualTo(CompressionLevel.FASTEST);
    }
}
