package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lambdas and method references that are kept, compared and run later. */
public final class Lambdas {
    private static final Map<String, Function<Integer, String>> BY_NAME = new LinkedHashMap<>();
    private static final Map<String, Function<Integer, Object>> BY_JDK = functionsOfJdk();
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
        BY_JDK.forEach((name, function) -> Pace.say(name + " " + function.apply(5)));
    }

    /** Those that the JDK makes, whose numbers differ from version to version. */
    private static Map<String, Function<Integer, Object>> functionsOfJdk() {
        Map<String, Function<Integer, Object>> functions = new LinkedHashMap<>();
        Function<Integer, Integer> identity = Function.identity();
        Function<Integer, Integer> composed =
                identity.andThen(value -> value + 1).compose((Integer value) -> value * 2);
        functions.put("composed", composed::apply);
        Predicate<Integer> small = Predicate.not((Integer value) -> value > 3);
        Predicate<Integer> test =
                small.and(value -> value != 1).or(value -> value > 100).negate();
        functions.put("predicate", test::test);
        IntUnaryOperator operator = ((IntUnaryOperator) value -> value + 2).andThen(value -> value * 3);
        functions.put("operator", operator::applyAsInt);
        Comparator<String> order = Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder());
        functions.put("order", value -> order.compare("a" + value, "b" + value));
        Predicate<String> pattern = Pattern.compile("5+").asPredicate();
        functions.put("pattern", value -> pattern.test("on " + value));
        collect(functions, "groups", Collectors.groupingBy(value -> value % 3, TreeMap::new, Collectors.counting()));
        collect(functions, "average", Collectors.averagingInt(value -> value));
        collect(functions, "map", Collectors.toMap(value -> value, value -> "v" + value, (a, b) -> a, TreeMap::new));
        collect(functions, "reduced", Collectors.reducing(0, Integer::sum));
        collect(functions, "statistics", Collectors.summarizingInt(value -> value));
        collect(functions, "halves", Collectors.partitioningBy(value -> value > 2));
        collect(functions, "text", Collectors.mapping(value -> "t" + value, Collectors.joining(",")));
        return functions;
    }

    private static void collect(
            Map<String, Function<Integer, Object>> functions, String name, Collector<Integer, ?, ?> collector) {
        functions.put(name, value -> IntStream.range(0, value).boxed().collect(collector));
    }

    private static String shared() {
        return "shared";
    }

    private static String described(Integer number) {
        return "described " + number;
    }
}
