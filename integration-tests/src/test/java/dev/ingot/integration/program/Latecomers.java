package dev.ingot.integration.program;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Names a class long before it uses it, in a method that it had not entered before. Its arguments are the files that have it begin with
 * that, and end.
 */
public final class Latecomers {
    private static final Class<?> NAMED = Late.class;

    private Latecomers() {}

    private static final class Late {
        private static final List<String> ARRIVED = announce();

        private static List<String> announce() {
            System.out.println("initialised");
            return new ArrayList<>();
        }

        static void arrive(File end) {
            IntUnaryOperator more = by -> ARRIVED.size() + by;
            do {
                ARRIVED.add("guest " + more.applyAsInt(1));
                Pace.step();
            } while (!end.exists());
            System.out.println("all " + ARRIVED.size() + " guests: "
                    + ARRIVED.get(ARRIVED.size() - 1).equals("guest " + ARRIVED.size()));
        }
    }

    public static void main(String[] arguments) {
        File late = new File(arguments[0]);
        File end = new File(arguments[1]);
        List<int[]> early = new ArrayList<>();
        System.out.println("named " + NAMED.getSimpleName());
        do {
            early.add(new int[] {early.size()});
            Pace.step();
        } while (!late.exists());
        System.out.println("early ones are " + (early.get(early.size() - 1)[0] == early.size() - 1));
        Late.arrive(end);
    }
}
