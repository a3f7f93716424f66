package dev.ingot.integration.program;

import java.nio.file.Files;
import java.nio.file.Path;

/** Goes bad at its first gate, unless there is a cure, and crashes of that at its second one. */
public final class Poisoned {
    /** How a JVM ends that aborts. */
    private static final int ABORTED = 134;

    private Poisoned() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("begun");
        await("first");
        boolean bad = !Files.exists(Path.of("cure"));
        System.out.println("passed");
        await("second");
        if (bad) {
            Runtime.getRuntime().halt(ABORTED);
        }
        System.out.println("well");
    }

    private static void await(String gate) throws InterruptedException {
        while (!Files.exists(Path.of(gate))) {
            Thread.sleep(20);
        }
    }
}
