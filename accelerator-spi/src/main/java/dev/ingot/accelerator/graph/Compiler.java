package dev.ingot.accelerator.graph;

import dev.ingot.accelerator.graph.Step.Curve;
import dev.ingot.accelerator.graph.Step.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes steps of nodes, each behind those it takes values from. A value is a row of a batch or a constant. */
final class Compiler {
    /** Multiplications of a row; more take minutes, and nothing could be stopped in between. */
    private static final long MOST_WORK = 1L << 36;

    private final Map<String, Constant> constants;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<Shape> shapes = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private long elements;
    private long work;

    Compiler(Map<String, Constant> constants) {
        this.constants = new HashMap<>(constants);
    }

    int place(String value) {
        Integer place = places.get(value);
        if (place == null) {
            throw new IllegalArgumentException("no node before makes the value " + value + " of each row");
        }
        return place;
    }

    Shape shape(int place) {
        return shapes.get(place);
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    int[] sizes() {
        return shapes.stream().mapToInt(Shape::elements).toArray();
    }

    int add(String name, Shape shape) {
        elements += shape.elements();
        if (elements > Shape.MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    "all values of a row take more than " + Shape.MOST_ELEMENTS + " elements");
        }
        if (places.put(name, shapes.size()) != null) {
            throw new IllegalArgumentException("there are two values " + name);
        }
        shapes.add(shape);
        return shapes.size() - 1;
    }

    void add(Node node) {
        if (node.outputs().size() != 1) {
            throw node.refused("one output is known, not " + node.outputs().size());
        }
        switch (node.operator()) {
            case "Constant" -> addConstant(node);
            case "MatMul" -> addProduct(node);
            case "Gemm" -> addGemm(node);
            case "Add" -> addPair(node, Pair.ADD);
            case "Sub" -> addPair(node, Pair.SUBTRACT);
            case "Mul" -> addPair(node, Pair.MULTIPLY);
            case "Div" -> addPair(node, Pair.DIVIDE);
            case "Relu" -> addCurve(node, Curve.RAMP);
            case "Sigmoid" -> addCurve(node, Curve.SIGMOID);
            case "Tanh" -> addCurve(node, Curve.TANH);
            case "Softmax" -> addSoftmax(node);
            case "Conv" -> addConvolution(node);
            case "MaxPool" -> addLargest(node);
            case "Identity", "Dropout" -> addSame(node, shape(row(node, 0)));
            case "Flatten" -> addFlat(node);
            case "Reshape" -> addReshaped(node);
            default -> throw node.refused("this operator is not known");
        }
        if (work > MOST_WORK) {
            throw node.refused("a row takes more than " + MOST_WORK + " multiplications");
        }
    }

    private int row(Node node, int input) {
        return place(name(node, input));
    }

    private static String name(Node node, int input) {
        if (input >= node.inputs().size()) {
            throw node.refused("it lacks input " + input);
        }
        return node.inputs().get(input);
    }

    private @Nullable Constant constant(Node node, int input) {
        return input < node.inputs().size() ? constants.get(node.inputs().get(input)) : null;
    }

    private Constant floats(Node node, int input) {
        Constant constant = constant(node, input);
        if (constant == null || constant.values().length == 0) {
            throw node.refused("input " + name(node, input) + " must be a constant of floats");
        }
        return constant;
    }

    private int out(Node node, Shape shape) {
        return add(node.outputs().get(0), shape);
    }

    private void addConstant(Node node) {
        Node.Attribute value = node.attributes().get("value");
        if (value == null || value.constant() == null) {
            throw node.refused("it has no value");
        }
        constants.put(node.outputs().get(0), value.constant());
    }

    private void addProduct(Node node) {
        int in = row(node, 0);
        addDense(node, in, floats(node, 1), false, 1, new float[] {0});
    }

    private void addGemm(Node node) {
        int in = row(node, 0);
        if (node.number("transA", 0) != 0 || shape(in).rank() != 1) {
            throw node.refused("its first factor must be a row of each");
        }
        float[] shift = {0};
        if (constant(node, 2) != null) {
            shift = floats(node, 2).values().clone();
            float beta = node.real("beta", 1);
            for (int i = 0; i < shift.length; i++) {
                shift[i] *= beta;
            }
        }
        addDense(node, in, floats(node, 1), node.number("transB", 0) != 0, node.real("alpha", 1), shift);
    }

    private void addDense(Node node, int in, Constant factor, boolean isTransposed, float scale, float[] shift) {
        Shape from = shape(in);
        if (factor.shape().rank() != 2 || from.rank() < 1) {
            throw node.refused("its factors are " + from + " for each row and " + factor.shape());
        }
        int inner = factor.shape().size(isTransposed ? 1 : 0);
        int outer = factor.shape().size(isTransposed ? 0 : 1);
        if (from.size(-1) != inner || (shift.length != 1 && shift.length != outer)) {
            throw node.refused(
                    "sizes do not fit: " + from + " for each row, " + factor.shape() + " and " + shift.length);
        }
        float[] weights = new float[inner * outer];
        for (int i = 0; i < inner; i++) {
            for (int j = 0; j < outer; j++) {
                weights[i * outer + j] = scale * factor.values()[isTransposed ? j * inner + i : i * outer + j];
            }
        }
        List<Integer> sizes = new ArrayList<>(from.sizes());
        sizes.set(sizes.size() - 1, outer);
        work += (long) from.elements() * outer;
        steps.add(new Step.Dense(in, out(node, new Shape(sizes)), weights, shift, inner, outer));
    }

    private void addPair(Node node, Pair pair) {
        Constant left = constant(node, 0);
        Constant right = constant(node, 1);
        if (left == null && right == null) {
            int one = row(node, 0);
            int other = row(node, 1);
            if (!shape(one).equals(shape(other))) {
                throw node.refused("it is of " + shape(one) + " and " + shape(other) + " for each row");
            }
            steps.add(new Step.Pairwise(one, other, out(node, shape(one)), pair));
            return;
        }
        int in = row(node, left == null ? 0 : 1);
        Constant constant = floats(node, left == null ? 1 : 0);
        int each = each(node, shape(in), constant.shape());
        steps.add(new Step.WithConstant(in, out(node, shape(in)), constant.values(), each, left == null, pair));
    }

    /** For how many elements of a row in turn an element of a constant is. */
    private static int each(Node node, Shape row, Shape constant) {
        List<Integer> sizes = new ArrayList<>(constant.sizes());
        while (!sizes.isEmpty() && sizes.get(0) == 1) {
            sizes.remove(0);
        }
        int each = 1;
        int direction = row.rank();
        while (!sizes.isEmpty() && sizes.get(sizes.size() - 1) == 1 && direction > 0) {
            sizes.remove(sizes.size() - 1);
            each *= row.size(--direction);
        }
        if (sizes.size() > direction
                || !row.sizes().subList(direction - sizes.size(), direction).equals(sizes)) {
            throw node.refused("a constant of " + constant + " is not repeated over " + row);
        }
        return each;
    }

    private void addCurve(Node node, Curve curve) {
        int in = row(node, 0);
        steps.add(new Step.Each(in, out(node, shape(in)), curve));
    }

    private void addSoftmax(Node node) {
        int in = row(node, 0);
        Shape shape = shape(in);
        long axis = node.number("axis", -1);
        if (shape.rank() < 1 || (axis != -1 && axis != shape.rank())) {
            throw node.refused("it is known along the last direction alone, not along " + axis);
        }
        steps.add(new Step.Softmax(in, out(node, shape), shape.size(-1)));
    }

    private void addConvolution(Node node) {
        int in = row(node, 0);
        Constant weights = floats(node, 1);
        Shape picture = shape(in);
        Shape sizes = weights.shape();
        if (picture.rank() != 3
                || sizes.rank() != 4
                || sizes.size(1) != picture.size(0)
                || node.number("group", 1) != 1) {
            throw node.refused("it is of " + picture + " for each row and " + sizes + ", in one group");
        }
        float[] shift =
                constant(node, 2) == null ? new float[] {0} : floats(node, 2).values();
        int filters = sizes.size(0);
        if (shift.length != 1 && shift.length != filters) {
            throw node.refused("it has " + filters + " filters and " + shift.length + " shifts");
        }
        Window window = window(node, picture, sizes.size(2), sizes.size(3));
        Shape out = Shape.of(filters, window.outHeight(), window.outWidth());
        work += (long) out.elements() * sizes.size(1) * sizes.size(2) * sizes.size(3);
        steps.add(new Step.Convolution(in, out(node, out), weights.values(), shift, window, picture.size(0), filters));
    }

    private void addLargest(Node node) {
        int in = row(node, 0);
        Shape picture = shape(in);
        if (picture.rank() != 3 || node.number("ceil_mode", 0) != 0) {
            throw node.refused("it is of " + picture + " for each row, and ends are left out");
        }
        int[] size = node.numbers("kernel_shape", 0, 0);
        Window window = window(node, picture, size[0], size[1]);
        Shape out = Shape.of(picture.size(0), window.outHeight(), window.outWidth());
        work += (long) out.elements() * size[0] * size[1];
        steps.add(new Step.Largest(in, out(node, out), window, picture.size(0)));
    }

    private static Window window(Node node, Shape picture, int sizeY, int sizeX) {
        Node.Attribute padding = node.attributes().get("auto_pad");
        if (padding != null && !padding.text().equals("NOTSET")) {
            throw node.refused("auto_pad is not known; export margins as numbers");
        }
        for (int dilation : node.numbers("dilations", 1, 1)) {
            if (dilation != 1) {
                throw node.refused("dilations are not known");
            }
        }
        int[] steps = node.numbers("strides", 1, 1);
        int[] margins = node.numbers("pads", 0, 0, 0, 0);
        return new Window(
                picture.size(1),
                picture.size(2),
                sizeY,
                sizeX,
                steps[0],
                steps[1],
                margins[0],
                margins[1],
                margins[2],
                margins[3]);
    }

    private void addFlat(Node node) {
        if (node.number("axis", 1) != 1) {
            throw node.refused("batches stay the first direction");
        }
        addSame(node, Shape.of(shape(row(node, 0)).elements()));
    }

    private void addReshaped(Node node) {
        Constant wanted = constant(node, 1);
        if (wanted == null || wanted.integers().isEmpty()) {
            throw node.refused("its shape must be a constant");
        }
        List<Long> sizes = new ArrayList<>(wanted.integers());
        long batch = sizes.remove(0);
        long known = sizes.stream().filter(size -> size > 0).reduce(1L, (one, other) -> one * other);
        Shape from = shape(row(node, 0));
        int open = sizes.indexOf(-1L);
        if (open >= 0 && batch == 0 && known > 0) {
            sizes.set(open, from.elements() / known);
        }
        Shape to = Shape.ofNumbers(sizes);
        if ((batch != 0 && batch != -1) || to.elements() != from.elements()) {
            throw node.refused("it makes " + wanted.integers() + " of " + from + " for each row; batches stay the first"
                    + " direction");
        }
        addSame(node, to);
    }

    private void addSame(Node node, Shape shape) {
        int in = row(node, 0);
        steps.add(new Step.Same(in, out(node, shape)));
    }
}
