package dev.ingot.integration.program;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Streams whose stages run on the common pool. */
public final class ParallelStreams {
    private ParallelStreams() {}

    public static void main(String[] arguments) {
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int start = round;
            long sum = LongStream.range(0, 2000)
                    .parallel()
                    .map(number -> number * start)
                    .sum();
            int steps = IntStream.range(0, 8)
                    .parallel()
                    .map(ParallelStreams::slowly)
                    .sum();
            Pace.say(round + " " + sum + " " + steps);
        }
    }

    private static int slowly(int number) {
        Pace.step();
        return number + 1;
    }
}
