package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Runs in a constructor that others have called with arguments made for it: arrays, objects, results of calls, lambdas. */
public final class ConstructorArguments {
    private static int made;

    private ConstructorArguments() {}

    private static class Application {
        private final List<String> said = new ArrayList<>();
        private final String[] names;
        private final int made;

        Application(String[] names, IntSupplier numbers, StringBuilder text) {
            this.names = names;
            this.made = ++ConstructorArguments.made;
            for (int round = 0; round < Pace.ROUNDS / 3; round++) {
                text.append(names[round % names.length]).append(numbers.getAsInt());
                said.add(text.toString());
                Pace.say(getClass().getSimpleName() + made + " " + round + " " + text.length());
            }
        }

        /** Passes on what it was called with. */
        Application(String[] names, IntSupplier numbers) {
            this(names, numbers, new StringBuilder("from an array "));
        }

        Application(String name) {
            this(new String[] {name, name.toLowerCase(Locale.ROOT)}, counter(name));
            said.add("made of " + name);
        }

        private static IntSupplier counter(String name) {
            int[] count = {name.length()};
            Pace.say("counter of " + name);
            return () -> count[0]++;
        }

        @Override
        public String toString() {
            return Arrays.toString(names) + said + made;
        }
    }

    private static final class Special extends Application {
        private final double more;

        Special(double less, String name, long other) {
            super(name + other);
            Pace.step();
            more = less + other;
        }

        Special() {
            this(Math.sqrt(2), "special".toUpperCase(Locale.ROOT), made * 7L);
        }

        @Override
        public String toString() {
            return super.toString() + more;
        }
    }

    public static void main(String[] arguments) {
        System.out.println(new Application("Name"));
        System.out.println(new Special(0.5, "own", 5));
        System.out.println(new Special());
        System.out.println(made);
    }
}
