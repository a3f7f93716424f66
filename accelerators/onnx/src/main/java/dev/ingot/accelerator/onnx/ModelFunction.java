package dev.ingot.accelerator.onnx;

import dev.ingot.accelerator.graph.ImportedGraph;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/** A program's own model. It has been read as a contract before the engine, which is native code, sees it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ModelFunction(ImportedGraph graph, byte[] model) implements EngineFunction {

    static ModelFunction of(Operation operation) {
        byte[] model = ImportedGraph.model(operation);
        return new ModelFunction(ImportedGraph.of(model), model);
    }

    @Override
    public long endOfBlock(long item, Scalars scalars) {
        return item - item % KernelFormat.ONNX.grain() + KernelFormat.ONNX.grain();
    }

    @Override
    public void cut(Block block, Scalars scalars, long first, long end) {
        block.in(graph.inputName(), 0, first * elements(graph.inputShape()), shape(end - first, graph.inputShape()))
                .out(
                        graph.outputName(),
                        1,
                        first * elements(graph.outputShape()),
                        shape(end - first, graph.outputShape()));
    }

    private static long elements(List<Integer> row) {
        return row.stream().mapToLong(Integer::longValue).reduce(1, (one, other) -> one * other);
    }

    private static long[] shape(long rows, List<Integer> row) {
        long[] shape = new long[row.size() + 1];
        shape[0] = rows;
        for (int i = 0; i < row.size(); i++) {
            shape[i + 1] = row.get(i);
        }
        return shape;
    }
}
