package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/** Constructors in progress, inner classes, sealed types and text made of objects whose toString takes its time. */
public final class Objects {
    private final List<Part> parts = new ArrayList<>();

    private Objects() {}

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    abstract static class Base {
        private final String name;

        Base(String name) {
            Pace.step();
            this.name = prepare(name);
        }

        abstract String prepare(String given);

        @Override
        public String toString() {
            Pace.step();
            return name;
        }
    }

    final class Part extends Base {
        private final int number;

        Part(int number) {
            super("part " + number + " of " + parts.size());
            this.number = number;
            parts.add(this);
            Pace.step();
        }

        @Override
        String prepare(String given) {
            Pace.step();
            return given + "!" + number;
        }
    }

    public static void main(String[] arguments) {
        Objects whole = new Objects();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Part part = whole.new Part(round);
            Shape shape = round % 2 == 0 ? new Circle(round) : new Square(round);
            Pace.say("made " + part + " with " + shape + " " + area(shape) + " " + kind("k" + round % 4));
        }
    }

    private static double area(Shape shape) {
        if (shape instanceof Circle circle) {
            return 3 * circle.radius() * circle.radius();
        }
        return shape instanceof Square square ? square.side() * square.side() : -1;
    }

    private static int kind(String name) {
        return switch (name) {
            case "k0" -> 10;
            case "k1" -> {
                Pace.step();
                yield 11;
            }
            default -> name.length();
        };
    }
}
