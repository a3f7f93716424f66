package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FullHeapTest {

    /** With four bytes for each of its objects, which have 24, it would not. */
    @Test
    void aHeapWithLittleRoomIsWritten() throws Exception {
        String report = ForkedJvm.same().withHeap("96m").run(List.of(), FullHeapProgram.class, "90");

        assertThat(report).isEqualToIgnoringNewLines("written");
    }
}
