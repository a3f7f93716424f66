package dev.ingot.tortured;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Constructors call one another with arguments that cannot be computed a second time. */
public final class ConstructorsMakeArguments {
    private static int made;

    private ConstructorsMakeArguments() {}

    private static class Base {
        private final long[] numbers;
        private final Object own;

        Base(long[] numbers, Object own) {
            this.numbers = numbers;
            this.own = own;
            made++;
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] += Work.steps(i, 10_000);
            }
        }

        Base(long first, int second) {
            this(new long[] {first, second, next()}, new ArrayList<>(List.of("own", first)));
        }

        Base(long first) {
            this(first, 7);
        }

        Base(LongSupplier supplier) {
            this(supplier.getAsLong());
        }

        static long next() {
            return Work.steps(++made, 10_000);
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + List.of(numbers[0], numbers[1], numbers[2]) + own;
        }
    }

    private static final class Keeping extends Base {
        private final List<String> words;
        private final long more;

        Keeping(List<String> words, long number) {
            super(new long[] {number, words.size(), made++}, new ArrayList<>(words));
            this.words = words;
            more = Work.steps(words.size(), 20_000) + number;
        }

        Keeping(String word) {
            this(new ArrayList<>(List.of(word)), next());
            words.add("later " + Work.steps(1, 10_000));
        }

        @Override
        public String toString() {
            return super.toString() + words + more;
        }
    }

    public static void main(String[] arguments) {
        for (int round = 0; round < 12; round++) {
            int number = round;
            System.out.println(new Base(() -> Work.steps(number, 10_000)) + " " + new Keeping("word"));
            Base anonymous = new Base(Work.steps(made, 100), made++) {
                private final long captured = Work.steps(number, 10_000);

                @Override
                public String toString() {
                    return super.toString() + captured + number;
                }
            };
            System.out.println(anonymous + " " + new Base(number, number));
        }
        System.out.println(made);
    }
}
