package dev.ingot.integration.program;

/** Static initialisers that take long, one within the other, in which no thread can be captured. */
public final class Initializers {
    private Initializers() {}

    private static final class Outer {
        private static final int VALUE = count("outer") + Inner.VALUE + count("outer again");

        private Outer() {}
    }

    private static final class Inner {
        private static final int VALUE = count("inner");

        private Inner() {}
    }

    private static int count(String what) {
        int lines = 0;
        while (lines < 5) {
            lines++;
            Pace.say(what + " " + lines);
        }
        return lines;
    }

    public static void main(String[] arguments) {
        System.out.println("begins");
        System.out.println("has " + Outer.VALUE);
        for (int round = 0; round < Pace.ROUNDS / 4; round++) {
            Pace.say(round + Outer.VALUE);
        }
    }
}
