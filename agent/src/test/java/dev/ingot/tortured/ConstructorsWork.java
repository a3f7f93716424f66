package dev.ingot.tortured;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Constructors compute for long: before, in and after the calls of one another, and with the object already seen by others. */
public final class ConstructorsWork {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final List<Base> SEEN = new ArrayList<>();

    private ConstructorsWork() {}

    private static class Base {
        private final int number;
        private final long worked;
        private final Object lock = new Object();

        Base(long argument) {
            number = MADE.incrementAndGet();
            SEEN.add(this);
            worked = argument + Work.steps(number, 30_000);
            synchronized (lock) {
                Work.steps(number, 30_000);
            }
        }

        Base(int small, long argument) {
            this(Work.steps(small, 20_000) + argument);
            Work.steps(small, 20_000);
            describe();
        }

        void describe() {
            Work.steps(number, 10_000);
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + number + ":" + worked;
        }
    }

    private static final class Derived extends Base {
        private final String text;
        private final Base inner;
        private @Nullable String described;

        Derived(int seed) {
            super(seed, seed > 2 ? Work.steps(seed, 20_000) : 7);
            StringBuilder built = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                built.append(Work.steps(seed + i, 10_000) % 10);
            }
            text = built.toString();
            inner = new Base(seed, new Base(text.length()).worked);
        }

        @Override
        void describe() {
            super.describe();
            described = "described" + Work.steps(3, 10_000);
        }

        @Override
        public String toString() {
            return super.toString() + text + inner + described;
        }
    }

    private final class Inner extends Base {
        Inner(long argument) {
            super(argument + steps() + ConstructorsWork.this.steps());
        }
    }

    private static final class Failing extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final long worked;

        Failing(String message) {
            super(message + Work.steps(2, 20_000));
            worked = Work.steps(5, 20_000);
            if (worked != 0) {
                throw this;
            }
        }
    }

    private record Pair(long left, long right) {
        private Pair {
            Work.steps((int) (left & 3), 20_000);
        }

        Pair(long both) {
            this(both, Work.steps(4, 20_000));
        }
    }

    private long steps() {
        return Work.steps(6, 20_000);
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        ConstructorsWork outer = new ConstructorsWork();
        for (int round = 0; round < 12; round++) {
            System.out.println(new Derived(round) + " " + outer.new Inner(round) + " " + new Pair(round));
            long captured = round;
            Base anonymous = new Base(captured) {
                private final long more = captured + Work.steps(3, 20_000);

                @Override
                public String toString() {
                    return super.toString() + more;
                }
            };
            System.out.println(anonymous);
            System.out.println(with(new Base(captured), Work.steps(3, 30_000))
                    + with(new Base(outer.steps()), Work.steps(3, 30_000)));
            new Base(round);
            Supplier<Pair> supplier = () -> new Pair(captured);
            System.out.println(supplier.get() + " " + fails());
            System.out.println(Base.class.getDeclaredConstructor(long.class).newInstance(captured));
        }
        SEEN.forEach(System.out::println);
        System.out.println(MADE);
    }

    private static String with(Base made, long later) {
        return made + "+" + later;
    }

    private static String fails() {
        try {
            return "made " + new Failing("because ").worked;
        } catch (Failing e) {
            return e.getMessage() + e.worked;
        }
    }
}
