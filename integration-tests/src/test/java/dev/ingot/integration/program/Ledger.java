package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts up to the number in the file 'finish', for ever as long as there is none. Each step is entered in a ledger which is not open in between, so that nothing takes an entry
 * back: it is the outside world, which sees each step that any process of this program ever does, and which process does it.
 */
public final class Ledger {
    private static final Path LEDGER = Path.of("ledger");
    private static final Path FINISH = Path.of("finish");

    private Ledger() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int step = 1; step <= last(); step++) {
            enter(step);
            System.out.println("step " + step);
            Thread.sleep(20);
        }
        System.out.println("end");
    }

    private static int last() throws IOException {
        return Files.exists(FINISH) ? Integer.parseInt(Files.readString(FINISH)) : Integer.MAX_VALUE;
    }

    private static void enter(int step) throws IOException {
        // Asked anew each time: a program that goes on elsewhere is another process.
        Path self = Path.of("/proc/self").toRealPath();
        Files.writeString(
                LEDGER, self.getFileName() + " " + step + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
