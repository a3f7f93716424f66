package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/** All the work is done in constructors: of a class and its superclasses, of nested objects, by reflection, of inner classes. */
public final class Constructors {
    private final List<Layer> layers = new ArrayList<>();
    private final String summary;

    private Constructors(int rounds) throws ReflectiveOperationException {
        StringBuilder text = new StringBuilder();
        for (int round = 0; round < rounds; round++) {
            layers.add(round % 2 == 0 ? new Layer(round) : new Upper(round, "round"));
            text.append(Layer.class.getDeclaredConstructor(int.class).newInstance(round));
            Object inner = new Inner(text.length());
            Pace.say(round + " " + text.length() + " " + inner);
        }
        summary = text + " " + layers;
    }

    private static class Layer {
        private final int number;
        private final String name;

        Layer(int number) {
            this.number = number;
            Pace.say("layer " + number);
            this.name = getClass().getSimpleName() + describe();
        }

        String describe() {
            Pace.step();
            return "-" + number;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final class Upper extends Layer {
        private final String more;

        Upper(int number, String word) {
            super(number);
            Pace.step();
            more = word + new Layer(number + 1000);
        }

        @Override
        public String toString() {
            return super.toString() + more;
        }
    }

    private final class Inner {
        private final int known = layers.size();
        private final String text;

        Inner(int length) {
            Pace.step();
            text = known + ":" + length + layers.get(known - 1);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        System.out.println(new Constructors(Pace.ROUNDS).summary);
    }
}
