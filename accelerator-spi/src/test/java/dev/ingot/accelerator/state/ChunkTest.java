package dev.ingot.accelerator.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkTest {
    @Test
    void noticesAFlippedBit() {
        byte[] content = {1, 2, 3};
        Chunk chunk = Chunk.of(content);
        assertThat(chunk.isIntact()).isTrue();

        content[1] ^= 0x10;
        assertThat(chunk.isIntact()).isFalse();
    }

    @Test
    void zeroesTakeNoRoom() {
        Chunk zeroes = Chunk.of(new byte[Chunk.BYTES]);

        assertThat(zeroes).isSameAs(Chunk.of(new byte[Chunk.BYTES]));
        assertThat(zeroes.size()).isEqualTo(Chunk.BYTES);
        assertThat(zeroes.isIntact()).isTrue();
        assertThat(Chunk.of(new byte[3]).size()).isEqualTo(3);
    }
}
