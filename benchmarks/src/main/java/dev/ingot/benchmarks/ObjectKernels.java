package dev.ingot.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Objects, collections and strings. */
final class ObjectKernels {
    private static final int KEYS = 100_000;
    private static final int WORDS = 50_000;
    private static final int DEPTH = 17;
    private static final int POINTS = 1_000_000;
    private static final int STREAM = 300_000;

    private static final List<Integer> NUMBERS = numbers();

    private ObjectKernels() {}

    private static List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    static long hashMap() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            counts.merge(i * 31 % 50_021, 1, Integer::sum);
        }
        long sum = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            sum += (long) entry.getKey() * entry.getValue();
        }
        return sum;
    }

    static long strings() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS; i++) {
            text.append("word").append(i % 97).append(' ');
        }
        long sum = 0;
        int start = 0;
        for (int end = text.indexOf(" "); end >= 0; end = text.indexOf(" ", start)) {
            sum += text.substring(start, end).hashCode();
            start = end + 1;
        }
        return sum;
    }

    private record Tree(@Nullable Tree left, @Nullable Tree right) {
        static Tree ofDepth(int depth) {
            return depth == 0 ? new Tree(null, null) : new Tree(ofDepth(depth - 1), ofDepth(depth - 1));
        }

        int count() {
            return 1 + (left == null ? 0 : left.count()) + (right == null ? 0 : right.count());
        }
    }

    static long objectGraph() {
        return Tree.ofDepth(DEPTH).count();
    }

    static long iterator() {
        long sum = 0;
        for (Integer number : NUMBERS) {
            sum += number;
        }
        return sum;
    }

    private record Point(double x, double y) {
        Point plus(Point other) {
            return new Point(x + other.x, y + other.y);
        }

        Point turned() {
            return new Point(-y, x);
        }
    }

    static long values() {
        Point point = new Point(1, 2);
        Point step = new Point(0.5, 0.25);
        for (int i = 0; i < POINTS; i++) {
            point = point.turned().plus(step);
        }
        return (long) (point.x() * 1000 + point.y());
    }

    static long streams() {
        return IntStream.range(0, STREAM)
                .filter(number -> number % 3 != 0)
                .mapToObj(Integer::valueOf)
                .map(number -> number * 7)
                .mapToLong(Integer::longValue)
                .sum();
    }
}
