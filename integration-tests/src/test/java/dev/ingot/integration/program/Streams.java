package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Streams of all kinds in the midst of their elements, each in a thread of its own. */
public final class Streams {
    private static final Map<String, Callable<Object>> PIPELINES = new LinkedHashMap<>();

    private Streams() {}

    public static void main(String[] arguments) throws Exception {
        objects();
        numbers();
        stateful();
        sources();
        Map<String, FutureTask<Object>> results = new LinkedHashMap<>();
        PIPELINES.forEach((name, pipeline) -> {
            FutureTask<Object> result = new FutureTask<>(pipeline);
            results.put(name, result);
            new Thread(result, name).start();
        });
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        for (Map.Entry<String, FutureTask<Object>> each : results.entrySet()) {
            System.out.println(each.getKey() + " " + each.getValue().get());
        }
    }

    private static void objects() {
        PIPELINES.put(
                "filter",
                () -> list().stream().filter(Streams::isOdd).map(Streams::slow).toList());
        PIPELINES.put(
                "map",
                () -> Stream.of(array())
                        .map(Streams::slow)
                        .filter(Streams::isOdd)
                        .count());
        PIPELINES.put("peek", () -> {
            List<Integer> seen = new ArrayList<>();
            list().stream().peek(seen::add).forEach(Streams::slow);
            return seen;
        });
        PIPELINES.put(
                "mapMulti",
                () -> list().stream()
                        .<Integer>mapMulti((number, sink) -> {
                            sink.accept(slow(number));
                            sink.accept(number);
                        })
                        .filter(Streams::isOdd)
                        .toList());
        PIPELINES.put("reduce", () -> list().stream().reduce(0, (sum, number) -> sum + slow(number)));
        PIPELINES.put("anyMatch", () -> list().stream().map(Streams::slow).anyMatch(number -> number > 50));
    }

    private static void numbers() {
        PIPELINES.put(
                "mapToInt",
                () -> list().stream()
                        .mapToInt(Streams::slow)
                        .map(number -> number + 1)
                        .sum());
        PIPELINES.put(
                "range",
                () -> IntStream.range(0, Pace.ROUNDS)
                        .filter(number -> slow(number) % 2 == 0)
                        .mapToObj(number -> "n" + number)
                        .collect(Collectors.joining(",")));
        PIPELINES.put(
                "boxed",
                () -> IntStream.rangeClosed(1, Pace.ROUNDS)
                        .map(Streams::slow)
                        .boxed()
                        .mapToLong(Integer::longValue)
                        .max());
        PIPELINES.put(
                "longs",
                () -> LongStream.range(0, Pace.ROUNDS)
                        .map(number -> slow((int) number))
                        .filter(number -> number % 2 == 0)
                        .mapToInt(number -> (int) number)
                        .asDoubleStream()
                        .sum());
        PIPELINES.put(
                "doubles",
                () -> DoubleStream.iterate(1, number -> number + 1)
                        .limit(Pace.ROUNDS)
                        .map(number -> slow((int) number))
                        .mapToObj(number -> number)
                        .mapToDouble(number -> number)
                        .peek(number -> {})
                        .sum());
    }

    private static void stateful() {
        PIPELINES.put(
                "sorted",
                () -> list().stream().sorted((a, b) -> b - a).map(Streams::slow).toList());
        PIPELINES.put(
                "distinct",
                () -> list().stream()
                        .map(Streams::slow)
                        .map(number -> number % 7)
                        .distinct()
                        .toList());
        PIPELINES.put(
                "limit",
                () -> Stream.iterate(1, number -> number + 1)
                        .map(Streams::slow)
                        .skip(5)
                        .limit(Pace.ROUNDS)
                        .toList());
        PIPELINES.put(
                "takeWhile",
                () -> list().stream().takeWhile(number -> slow(number) < 50).toList());
        PIPELINES.put(
                "dropWhile",
                () -> list().stream()
                        .map(Streams::slow)
                        .dropWhile(number -> number < 4)
                        .map(Streams::slow)
                        .toList());
    }

    private static void sources() {
        PIPELINES.put(
                "groupingBy",
                () -> list().stream()
                        .collect(Collectors.groupingBy(
                                number -> slow(number) % 5, TreeMap::new, Collectors.counting())));
        PIPELINES.put(
                "toMap",
                () -> list().stream()
                        .collect(Collectors.toMap(number -> number, Streams::slow, (a, b) -> a, TreeMap::new)));
        PIPELINES.put(
                "partitioningBy",
                () -> Arrays.stream(array())
                        .collect(Collectors.partitioningBy(
                                number -> isOdd(slow(number)),
                                Collectors.mapping(Streams::slow, Collectors.toList()))));
        PIPELINES.put(
                "arrays",
                () -> Arrays.stream(array(), 3, Pace.ROUNDS)
                        .mapToInt(Streams::slow)
                        .sum());
        PIPELINES.put("ints", () -> {
            int[] numbers = IntStream.range(0, Pace.ROUNDS).toArray();
            return Arrays.stream(numbers).map(Streams::slow).sum();
        });
        PIPELINES.put(
                "concat",
                () -> Stream.concat(list().stream(), Stream.of(array()))
                        .map(Streams::slow)
                        .count());
        PIPELINES.put(
                "chars", () -> "characters".repeat(6).chars().map(Streams::slow).anyMatch(letter -> letter == 'z'));
        PIPELINES.put(
                "lines",
                () -> "line\n"
                        .repeat(Pace.ROUNDS)
                        .lines()
                        .map(String::length)
                        .map(Streams::slow)
                        .noneMatch(length -> length == 7));
        PIPELINES.put(
                "random",
                () -> new Random(7).ints(Pace.ROUNDS, 0, 9).map(Streams::slow).anyMatch(number -> number == 100));
        PIPELINES.put(
                "immutable",
                () -> List.of(array()).stream().map(Streams::slow).toList().size());
        PIPELINES.put("keys", () -> {
            Map<Integer, Integer> map = new ConcurrentHashMap<>();
            list().forEach(number -> map.put(number, number));
            return map.entrySet().stream()
                    .mapToInt(entry -> slow(entry.getKey()))
                    .anyMatch(number -> number > Pace.ROUNDS);
        });
        PIPELINES.put("iterator", () -> {
            int sum = 0;
            for (Iterator<Integer> each = list().stream()
                            .filter(Streams::isOdd)
                            .map(number -> number * 2)
                            .iterator();
                    each.hasNext(); ) {
                sum = 31 * sum + slow(each.next());
            }
            return sum;
        });
    }

    private static List<Integer> list() {
        return new ArrayList<>(Arrays.asList(array()));
    }

    private static Integer[] array() {
        return IntStream.range(0, Pace.ROUNDS).boxed().toArray(Integer[]::new);
    }

    private static boolean isOdd(int number) {
        return number % 2 == 1;
    }

    private static int slow(int number) {
        Pace.step();
        return number;
    }
}
