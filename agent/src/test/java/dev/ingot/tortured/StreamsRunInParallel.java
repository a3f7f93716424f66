package dev.ingot.tortured;

import java.util.stream.IntStream;

/** The common pool runs code of the program below code of the JDK. */
public final class StreamsRunInParallel {
    private StreamsRunInParallel() {}

    public static void main(String[] arguments) {
        for (int round = 0; round < 40; round++) {
            int seed = round;
            System.out.println(IntStream.range(0, 200)
                    .parallel()
                    .filter(i -> Work.steps(i + seed, 1_000) % 3 == 0)
                    .count());
        }
    }
}
