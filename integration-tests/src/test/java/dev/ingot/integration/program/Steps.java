package dev.ingot.integration.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileWriter;
import java.io.IOException;
import java.io.PrintWriter;

/** Counts aloud, keeps a diary, and says goodbye in a shutdown hook; ends with exit code 3. */
public final class Steps {
    private static final String INITIALISED = announce();

    private Steps() {}

    private static String announce() {
        System.out.println("initialised");
        return "once";
    }

    public static void main(String[] arguments) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("goodbye " + INITIALISED)));
        long sum = 0;
        try (PrintWriter diary = new PrintWriter(new FileWriter("diary", UTF_8), true)) {
            for (int step = 1; step <= Pace.ROUNDS; step++) {
                sum += step;
                diary.println("step " + step);
                Pace.say("step " + step + " sum " + sum);
            }
        }
        System.exit(3);
    }
}
