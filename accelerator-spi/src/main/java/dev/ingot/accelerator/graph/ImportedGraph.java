package dev.ingot.accelerator.graph;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A model of ONNX as a contract: what it makes of each row of a batch, in Java. An item is a row.
 *
 * <p>The model has one input and one output of floats whose first direction is open, and operators that treat each row by itself: {@code
 * MatMul}, {@code Gemm}, {@code Conv}, {@code MaxPool}, {@code Add}, {@code Sub}, {@code Mul}, {@code Div}, {@code Relu}, {@code Sigmoid},
 * {@code Tanh}, {@code Softmax}, {@code Flatten}, {@code Reshape}, {@code Identity}, {@code Dropout}, {@code Constant}. Immutable.
 */
public final class ImportedGraph implements Contract {
    /** The scalar that says how many rows there are. */
    public static final String ROWS = "rows";

    private static final int MOST_BYTES = 1 << 28;
    private static final int MOST_NODES = 10_000;
    private static final int FLOAT = 1;

    private final String inputName;
    private final String outputName;
    private final Shape inputShape;
    private final Shape outputShape;
    private final int input;
    private final int output;
    private final int[] sizes;
    private final List<Step> steps;

    private ImportedGraph(Parts parts) {
        if (parts.inputs.size() != 1 || parts.outputs.size() != 1) {
            throw new IllegalArgumentException("a model has one input and one output here, not " + parts.inputs.size()
                    + " and " + parts.outputs.size());
        }
        Value in = parts.inputs.get(0);
        Compiler compiler = new Compiler(parts.constants);
        this.inputName = in.name;
        this.inputShape = in.shapeOfRow();
        this.input = compiler.add(in.name, inputShape);
        parts.nodes.forEach(compiler::add);
        this.outputName = parts.outputs.get(0).name;
        this.output = compiler.place(outputName);
        this.outputShape = compiler.shape(output);
        this.sizes = compiler.sizes();
        this.steps = compiler.steps();
    }

    /**
     * An operation that does what a model does. Its operands are the input and the output, its scalar is {@link #ROWS}; its name ends in a
     * hash of the model, so that it stands for this model alone.
     *
     * @param name of the model, for people
     * @param model the content of an {@code .onnx} file; may be hostile
     * @throws IllegalArgumentException if it is no such file or has what is not known here; the message says what
     */
    public static Operation operation(String name, byte[] model) {
        ImportedGraph graph = of(model);
        return new Operation(
                "onnx." + name + "." + hash(model),
                1,
                List.of(
                        new Operand(graph.inputName, ElementType.F32, Access.READ),
                        new Operand(graph.outputName, ElementType.F32, Access.WRITE)),
                List.of(new Scalar(ROWS, ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                true,
                graph,
                Map.of(KernelFormat.ONNX, Base64.getEncoder().encodeToString(model)));
    }

    /**
     * The contract of a model.
     *
     * @throws IllegalArgumentException as {@link #operation} does
     */
    public static ImportedGraph of(byte[] model) {
        if (model.length > MOST_BYTES) {
            throw new IllegalArgumentException("a model has at most " + MOST_BYTES + " bytes, not " + model.length);
        }
        return new ImportedGraph(Parts.read(ByteBuffer.wrap(model)));
    }

    private static String hash(byte[] model) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The model within an operation; empty if it has none. */
    public static byte[] model(Operation operation) {
        return Base64.getDecoder().decode(operation.variants().getOrDefault(KernelFormat.ONNX, ""));
    }

    /** The name of the input within the model. */
    public String inputName() {
        return inputName;
    }

    /** The name of the output within the model. */
    public String outputName() {
        return outputName;
    }

    /** How many elements a row of the input has in each direction. */
    public List<Integer> inputShape() {
        return inputShape.sizes();
    }

    /** How many elements a row of the output has in each direction. */
    public List<Integer> outputShape() {
        return outputShape.sizes();
    }

    @Override
    public long items(Scalars scalars) {
        return scalars.integer(ROWS);
    }

    @Override
    public long elements(int operand, Scalars scalars) {
        return Math.multiplyExact(scalars.integer(ROWS), (long) (operand == 0 ? inputShape : outputShape).elements());
    }

    @Override
    public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
        float[][] values = new float[sizes.length][];
        for (int i = 0; i < sizes.length; i++) {
            values[i] = new float[sizes[i]];
        }
        for (long row = from; row < to; row++) {
            operands.get(0).getFloats(Float.BYTES * row * sizes[input], values[input]);
            steps.forEach(step -> step.run(values));
            operands.get(1).putFloats(Float.BYTES * row * sizes[output], values[output]);
        }
    }

    /** Something that goes in or comes out. */
    private record Value(String name, long type, List<Long> sizes) {

        /** Reads a {@code ValueInfoProto}; an open size is 0. */
        static Value read(List<Field> fields) {
            String name = "";
            long type = 0;
            List<Long> sizes = new ArrayList<>();
            for (Field field : fields) {
                if (field.number() == 1) {
                    name = field.text();
                } else if (field.number() == 2) {
                    for (Field tensor : only(field.fields(), 1)) {
                        type = only(tensor.fields(), 1).stream()
                                .mapToLong(Field::value)
                                .sum();
                        only(tensor.fields(), 2).forEach(shape -> addSizes(shape, sizes));
                    }
                }
            }
            return new Value(name, type, sizes);
        }

        private static void addSizes(Field shape, List<Long> sizes) {
            for (Field size : only(shape.fields(), 1)) {
                sizes.add(
                        only(size.fields(), 1).stream().mapToLong(Field::value).sum());
            }
        }

        private static List<Field> only(List<Field> fields, int number) {
            return fields.stream().filter(field -> field.number() == number).toList();
        }

        Shape shapeOfRow() {
            if (type != FLOAT || sizes.isEmpty() || sizes.get(0) != 0) {
                throw new IllegalArgumentException(
                        "input " + name + " must have floats, and an open first direction; it"
                                + " has elements of type " + type + " and sizes " + sizes);
            }
            return Shape.ofNumbers(sizes.subList(1, sizes.size()));
        }
    }

    /** What is in the file. */
    private static final class Parts {
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, Constant> constants = new HashMap<>();
        private final List<Value> inputs = new ArrayList<>();
        private final List<Value> outputs = new ArrayList<>();

        static Parts read(ByteBuffer model) {
            Parts parts = new Parts();
            for (Field field : Field.of(model)) {
                if (field.number() == 7) {
                    parts.addGraph(field.fields());
                }
            }
            // Old files name their constants among the inputs.
            parts.inputs.removeIf(input -> parts.constants.containsKey(input.name));
            return parts;
        }

        private void addGraph(List<Field> graph) {
            for (Field field : graph) {
                switch (field.number()) {
                    case 1 -> nodes.add(Node.read(field.fields()));
                    case 5 -> {
                        Constant constant = Constant.read(field.fields());
                        constants.put(constant.name(), constant);
                    }
                    case 11 -> inputs.add(Value.read(field.fields()));
                    case 12 -> outputs.add(Value.read(field.fields()));
                    case 15 -> throw new IllegalArgumentException("sparse constants are not known");
                    default -> {}
                }
                if (nodes.size() > MOST_NODES) {
                    throw new IllegalArgumentException("a model has at most " + MOST_NODES + " nodes");
                }
            }
        }
    }
}
