package dev.ingot.accelerator.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    private static final Scalars SCALARS = Scalars.of("blocks", 3L)
            .and("counter", 0xffffffffffffffffL)
            .and("stream", 5L)
            .and("key", 9L);

    /** The known answers for ten rounds that its authors ship with Random123. */
    @Test
    void givesThePublishedAnswers() {
        assertThat(Philox.block(0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(Philox.block(-1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(Philox.block(0x85a308d3243f6a88L, 0x0370734413198a2eL, 0x299f31d0a4093822L))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void countsOnOverTheEnd() {
        HostMemory out = HostMemory.allocate(48);
        StandardOperations.PHILOX_4X32.contract().compute(List.of(out), SCALARS, 0, 3);

        assertThat(block(out, 0)).isEqualTo(Philox.block(-1, 5, 9));
        assertThat(block(out, 1)).isEqualTo(Philox.block(0, 5, 9));
        assertThat(block(out, 2)).isEqualTo(Philox.block(1, 5, 9));
    }

    private static int[] block(HostMemory memory, int index) {
        int[] words = new int[4];
        for (int i = 0; i < words.length; i++) {
            words[i] = memory.getInt(16L * index + 4L * i);
        }
        return words;
    }
}
