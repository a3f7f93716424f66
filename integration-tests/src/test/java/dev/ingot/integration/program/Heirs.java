package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/** Leaves everything to a thread, as servers do: main ends at once. */
public final class Heirs {
    private Heirs() {}

    public static void main(String[] arguments) {
        new Thread(() -> lines().forEach(Pace::say), "heir").start();
    }

    /** What is printed. */
    public static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            lines.add("round " + round);
        }
        return lines;
    }
}
