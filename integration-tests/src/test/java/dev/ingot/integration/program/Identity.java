package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Identity hash codes, aliases, cycles and interned strings. */
public final class Identity {
    private Identity() {}

    static final class Node {
        final List<Node> neighbours = new ArrayList<>();
    }

    public static void main(String[] arguments) {
        List<Node> ring = new ArrayList<>();
        List<Integer> hashes = new ArrayList<>();
        Map<Node, Integer> numbers = new IdentityHashMap<>();
        Set<Object> set = new HashSet<>();
        String literal = "a literal";
        String interned = ("interned " + ring.size()).intern();
        for (int number = 0; number < 100; number++) {
            Node node = new Node();
            ring.add(node);
            hashes.add(System.identityHashCode(node));
            numbers.put(node, number);
            set.add(node);
        }
        for (int number = 0; number < 100; number++) {
            ring.get(number).neighbours.add(ring.get((number + 1) % 100));
        }
        Node node = ring.get(0);
        for (int round = 0; round < Pace.ROUNDS; round++) {
            node = node.neighbours.get(0);
            int number = ring.indexOf(node);
            Pace.say(number + " " + (hashes.get(number) == node.hashCode()) + " " + numbers.get(node) + " "
                    + set.contains(node) + " " + same(literal, "a literal") + " " + same(interned, "interned 0"));
        }
    }

    private static boolean same(Object a, Object b) {
        return a == b;
    }
}
