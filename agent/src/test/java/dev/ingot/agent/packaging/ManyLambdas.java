package dev.ingot.agent.packaging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Lambdas of all kinds, for {@link PlainLambdasTest}; what it says is what they compute. */
@SuppressWarnings({"UnnecessaryLambda", "ClassCanBeStatic"}) // They are what is to be changed.
final class ManyLambdas implements Supplier<List<Object>> {
    private final long number = 5;

    private interface Doubler {
        default IntBinaryOperator doubler() {
            return (left, right) -> twice(left) + right;
        }

        private int twice(int value) {
            return 2 * value;
        }
    }

    private static final class Inner implements Doubler {
        private final Supplier<String> text = () -> "of an inner class";

        String text() {
            return text.get();
        }
    }

    private class Base {
        String name() {
            return "of the superclass";
        }
    }

    private final class Derived extends Base {
        @Override
        String name() {
            Supplier<String> inherited = super::name;
            return inherited.get();
        }
    }

    @Override
    public List<Object> get() {
        List<Object> results = new ArrayList<>();
        int captured = 7;
        double wide = 1.5;
        Runnable adds = () -> results.add("ran " + captured + wide);
        adds.run();
        LongSupplier ofThis = () -> number;
        results.add(ofThis.getAsLong());
        Function<String, Integer> boxes = String::length;
        results.add(boxes.apply("four"));
        ToIntFunction<Integer> unboxes = Integer::intValue;
        results.add(unboxes.applyAsInt(3));
        ToLongFunction<Integer> widens = value -> value;
        results.add(widens.applyAsLong(4));
        ToLongFunction<String> widensResult = String::length;
        results.add(widensResult.applyAsLong("five5"));
        IntFunction<int[]> arrays = int[]::new;
        results.add(arrays.apply(2).length);
        Function<List<Object>, List<Object>> creates = ArrayList::new;
        results.add(creates.apply(List.of("copied")));
        BiFunction<String, Object, Boolean> equals = String::equals;
        results.add(equals.apply("a", "a"));
        Function<String, Boolean> bound = "bound"::equals;
        results.add(bound.apply("bound"));
        results.add(List.of("b", "a").stream().sorted(Comparator.naturalOrder()).toList());
        results.add(new Inner().doubler().applyAsInt(3, 4));
        results.add(new Inner().text());
        results.add(new Derived().name());
        return results;
    }
}
