package dev.ingot.accelerator.state;

import java.util.List;

/**
 * A buffer within a state.
 *
 * @param name of the buffer
 * @param bytes its size
 * @param isTransient whether its content was left out
 * @param chunks its content, in pieces of {@link Chunk#BYTES}, the last one being as short as it is; empty if left out
 */
public record BufferState(String name, long bytes, boolean isTransient, List<Chunk> chunks) {
    public BufferState {
        chunks = List.copyOf(chunks);
    }
}
