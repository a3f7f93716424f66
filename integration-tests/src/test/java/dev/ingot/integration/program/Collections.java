package dev.ingot.integration.program;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collections in use, with the program's code running inside of them. */
public final class Collections {
    private Collections() {}

    record Point(int x, int y) {}

    public static void main(String[] arguments) {
        Random random = new Random(42);
        Map<Point, Integer> points = new HashMap<>();
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        TreeMap<Integer, String> sorted = new TreeMap<>((a, b) -> Integer.compare(b, a));
        PriorityQueue<Integer> queue = new PriorityQueue<>();
        Deque<BigInteger> deque = new ArrayDeque<>(List.of(BigInteger.ONE, BigInteger.ONE));
        BitSet bits = new BitSet();
        Matcher words = Pattern.compile("w[0-9]+").matcher("w1 w22 w333 w4444 ".repeat(20));
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int number = random.nextInt(100);
            points.computeIfAbsent(new Point(number % 10, number % 7), Collections::slowly);
            counts.merge("n" + number % 5, 1, Integer::sum);
            sorted.put(number, "at " + round);
            queue.add(number);
            bits.set(number);
            deque.addLast(deque.removeFirst().add(deque.getLast()));
            Pace.say(points.size() + " " + counts + " " + sorted.firstEntry() + " " + queue.peek() + " "
                    + deque.getLast() + " " + bits.cardinality() + " " + (words.find() ? words.group() : "none"));
        }
        List<Integer> list = new ArrayList<>(queue);
        list.sort(Collections::compareSlowly);
        Map<Integer, String> linked = new LinkedHashMap<>();
        for (Iterator<Integer> each = list.iterator(); each.hasNext(); ) {
            int next = each.next();
            if (next % 2 == 0) {
                each.remove();
            }
            linked.put(next, "seen");
            Pace.say(next + " of " + list.size());
        }
        System.out.println(linked);
    }

    private static int slowly(Point point) {
        Pace.step();
        return point.x() * point.y();
    }

    private static int compareSlowly(int a, int b) {
        if (a == b) {
            Pace.step();
        }
        return Integer.compare(a, b);
    }
}
