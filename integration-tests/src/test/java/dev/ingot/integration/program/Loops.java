package dev.ingot.integration.program;

/** Loops in loops with locals of every kind, and try, catch and finally in progress. */
public final class Loops {
    private Loops() {}

    public static void main(String[] arguments) {
        long sum = 0;
        double product = 1;
        float third = 1f / 3;
        char letter = 'a';
        boolean odd = false;
        byte small = 0;
        StringBuilder text = new StringBuilder();
        outer:
        for (int round = 0; round < Pace.ROUNDS; round++) {
            odd = !odd;
            small += (byte) 7;
            for (int inner = 0; ; inner++) {
                sum = sum * 31 + inner;
                product = product * 1.0000001 + third;
                if (inner == round * 100) {
                    break;
                }
                if (inner > 4000) {
                    letter++;
                    continue outer;
                }
            }
            text.append(letter).append(careful(round, odd));
            Pace.say(round + " " + sum + " " + product + " " + small + " " + text.length());
        }
        System.out.println(text);
    }

    private static String careful(int round, boolean odd) {
        String before = "before " + round;
        try {
            if (odd) {
                throw new IllegalArgumentException("odd " + round);
            }
            return before;
        } catch (IllegalArgumentException expected) {
            Pace.step();
            return expected.toString();
        } finally {
            Pace.say("finally after " + before);
        }
    }
}
