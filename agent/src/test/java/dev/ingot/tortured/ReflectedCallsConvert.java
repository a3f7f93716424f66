package dev.ingot.tortured;

import java.lang.reflect.Method;

/** Works within reflected calls whose arguments and results have to be converted, as below the launcher of a packed program. */
public final class ReflectedCallsConvert {
    private static final int ROUNDS = 40;

    private ReflectedCallsConvert() {}

    /** A main method, called as launchers do. */
    public static final class Launched {
        private Launched() {}

        public static void main(String[] arguments) throws Exception {
            Method work = Launched.class.getMethod("work", String.class, int.class, Long.class, double[].class);
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println(work.invoke(new Launched(), arguments[0], round, 3L, new double[] {1.5}));
            }
        }

        public long work(String text, int round, Long summand, double[] factors) {
            Work.steps(round, 400_000);
            return (long) (text.length() * factors[0]) + round + summand;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Launched.class.getMethod("main", String[].class).invoke(null, (Object) new String[] {"launched"});
    }
}
