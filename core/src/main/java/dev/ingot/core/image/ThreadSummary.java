package dev.ingot.core.image;

import java.util.List;

/** A thread as people want to see it: {@code stack} is one line per frame, innermost first. */
public record ThreadSummary(String name, String state, boolean daemon, List<String> stack) {
    public ThreadSummary {
        stack = List.copyOf(stack);
    }
}
