package dev.ingot.core.image;

import java.util.List;

/** What {@link ImageStore#verify} found after reading {@code chunks} chunks of {@code storedBytes} bytes. */
public record Verification(long chunks, long storedBytes, List<BrokenPart> broken) {
    public Verification {
        broken = List.copyOf(broken);
    }

    public boolean isIntact() {
        return broken.isEmpty();
    }
}
