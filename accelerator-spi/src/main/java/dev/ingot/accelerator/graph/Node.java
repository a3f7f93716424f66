package dev.ingot.accelerator.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a graph as the file has it. */
record Node(String operator, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {

    /** What is said of a node by name. */
    record Attribute(
            float real,
            long number,
            List<Long> numbers,
            @Nullable Constant constant,
            String text) {}

    /** Reads a {@code NodeProto}. */
    static Node read(List<Field> fields) {
        String operator = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Attribute> attributes = new HashMap<>();
        for (Field field : fields) {
            switch (field.number()) {
                case 1 -> inputs.add(field.text());
                case 2 -> outputs.add(field.text());
                case 4 -> operator = field.text();
                case 5 -> readAttribute(field.fields(), attributes);
                case 7 -> requireStandard(field.text());
                default -> {}
            }
        }
        return new Node(operator, inputs, outputs, attributes);
    }

    private static void requireStandard(String domain) {
        if (!domain.isEmpty() && !domain.equals("ai.onnx")) {
            throw new IllegalArgumentException("operators of " + domain + " are not known");
        }
    }

    private static void readAttribute(List<Field> fields, Map<String, Attribute> attributes) {
        String name = "";
        String text = "";
        float real = 0;
        long number = 0;
        List<Long> numbers = new ArrayList<>();
        Constant constant = null;
        for (Field field : fields) {
            switch (field.number()) {
                case 1 -> name = field.text();
                case 2 -> real = field.real();
                case 3 -> number = field.value();
                case 4 -> text = field.text();
                case 5 -> constant = Constant.read(field.fields());
                case 6, 11 -> throw new IllegalArgumentException("graphs within graphs are not known");
                case 8 -> field.addNumbers(numbers);
                default -> {}
            }
        }
        attributes.put(name, new Attribute(real, number, List.copyOf(numbers), constant, text));
    }

    long number(String name, long fallback) {
        Attribute attribute = attributes.get(name);
        return attribute == null ? fallback : attribute.number();
    }

    float real(String name, float fallback) {
        Attribute attribute = attributes.get(name);
        return attribute == null ? fallback : attribute.real();
    }

    /** As many numbers as the fallback has. */
    int[] numbers(String name, int... fallback) {
        Attribute attribute = attributes.get(name);
        if (attribute == null) {
            return fallback;
        }
        if (attribute.numbers().size() != fallback.length) {
            throw refused(name + " has " + attribute.numbers().size() + " numbers, not " + fallback.length);
        }
        return attribute.numbers().stream()
                .mapToInt(value -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)))
                .toArray();
    }

    IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(this + ": " + why);
    }

    @Override
    public String toString() {
        return operator + " node that makes " + outputs;
    }
}
