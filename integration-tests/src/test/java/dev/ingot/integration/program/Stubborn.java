package dev.ingot.integration.program;

import java.io.File;
import java.util.TreeSet;

/** Stays in a comparator, under code of the JDK that is not woven, until the file it is told of is there. */
public final class Stubborn {
    private Stubborn() {}

    public static void main(String[] arguments) {
        File end = new File(arguments[0]);
        TreeSet<String> names = new TreeSet<>((a, b) -> {
            System.out.println("comparing");
            while (!end.exists()) {
                Pace.step();
            }
            return a.compareTo(b);
        });
        names.add("first");
        System.out.println(names);
    }
}
