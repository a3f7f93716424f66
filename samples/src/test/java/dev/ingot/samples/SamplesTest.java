package dev.ingot.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples say the same in every run; what they say under Ingot is compared with that. */
@Timeout(600)
class SamplesTest {

    @Test
    void counterAddsUp() throws Exception {
        assertThat(outputOf(() -> Counter.main(new String[] {"8"})))
                .startsWith("step 1 sum 1 buckets 1\nstep 2 sum 3 buckets 2\n")
                .endsWith("step 8 sum 36 buckets 7\ndone after 8 steps\n");
    }

    @Test
    void primesAreThePrimes() throws Exception {
        assertThat(outputOf(() -> Primes.main(new String[] {"20000"})))
                .startsWith("prime 10000 is 104729\nprime 20000 is 224737\ndone after 20000 primes");
    }

    @Test
    void bankEndsEachRoundAlike() throws Exception {
        String first = outputOf(() -> Bank.main(new String[] {"3"}));
        assertThat(first).contains("round 3 total 16000 ").endsWith("done after 240000 transfers\n");
        assertThat(outputOf(() -> Bank.main(new String[] {"3"}))).isEqualTo(first);
    }

    private static String outputOf(Program program) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private interface Program {
        void run() throws Exception;
    }
}
