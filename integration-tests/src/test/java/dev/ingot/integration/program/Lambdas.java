package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Lambdas and method references that are kept, compared and run later. */
public final class Lambdas {
    private static final Map<String, Function<Integer, String>> BY_NAME = new LinkedHashMap<>();
    private static final Supplier<String> SHARED = Lambdas::shared;

    private Lambdas() {}

    public static void main(String[] arguments) {
        Supplier<String> same = SHARED;
        List<IntUnaryOperator> adders = new ArrayList<>();
        for (int number = 0; number < Pace.ROUNDS; number++) {
            int captured = number;
            adders.add(value -> value + captured);
            BY_NAME.put("n" + number, value -> "of " + captured + " and " + value);
        }
        BY_NAME.put("reference", Integer::toHexString);
        BY_NAME.put("constructor", Lambdas::described);
        BY_NAME.forEach((name, function) -> Pace.say(name + " " + function.apply(name.length())));
        int value = 0;
        for (IntUnaryOperator adder : adders) {
            value = adder.applyAsInt(value);
            if (value % 5 == 0) {
                Pace.say(value);
            }
        }
        System.out.println(same == SHARED);
    }

    private static String shared() {
        return "shared";
    }

    private static String described(Integer number) {
        return "described " + number;
    }
}
