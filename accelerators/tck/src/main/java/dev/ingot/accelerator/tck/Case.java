package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An operation with numbers, and contents made from a seed. */
record Case(Operation operation, Scalars scalars) {

    /** Every standard operation, in sizes that are no multiples of anything. */
    static List<Case> all() {
        return List.of(
                new Case(StandardOperations.GEMM_F32, gemm(1, 1, 1)),
                new Case(StandardOperations.GEMM_F32, gemm(37, 53, 71)),
                new Case(StandardOperations.GEMM_F32, gemm(5, 7, 4099)),
                new Case(StandardOperations.GEMM_I8, gemm(37, 53, 71)),
                new Case(StandardOperations.GEMM_BF16, gemm(37, 53, 71)),
                new Case(StandardOperations.ADD_F32, Scalars.of("n", 1001L)),
                new Case(StandardOperations.MULTIPLY_F32, Scalars.of("n", 1001L)),
                new Case(StandardOperations.AXPY_F32, Scalars.of("n", 1001L).and("alpha", 0.3f)),
                new Case(StandardOperations.TREE_SUM_F32, Scalars.of("n", 1L)),
                new Case(StandardOperations.TREE_SUM_F32, Scalars.of("n", 3001L)),
                new Case(StandardOperations.SOFTMAX_F32, Scalars.of("rows", 19L).and("width", 37L)),
                new Case(
                        StandardOperations.LAYER_NORM_F32,
                        Scalars.of("rows", 19L).and("width", 37L).and("epsilon", 1e-5f)),
                new Case(
                        StandardOperations.CONVOLUTION_F32,
                        Scalars.of("filters", 5L)
                                .and("channels", 3L)
                                .and("height", 11L)
                                .and("width", 13L)
                                .and("size", 3L)),
                new Case(StandardOperations.STENCIL_2D_F32, stencil(33, 47)),
                new Case(StandardOperations.STENCIL_2D_F32, stencil(1, 2)),
                new Case(
                        StandardOperations.MERGE_PASS_I32,
                        Scalars.of("n", 1001L).and("width", 1L)),
                new Case(StandardOperations.FNV1A_64, Scalars.of("n", 101L).and("width", 13L)),
                new Case(
                        StandardOperations.PHILOX_4X32,
                        Scalars.of("blocks", 101L)
                                .and("counter", 0xfffffff0L)
                                .and("stream", 7L)
                                .and("key", 0x0123456789abcdefL)));
    }

    /** Operations of which already a few items take long. */
    static List<Case> large() {
        return List.of(
                new Case(StandardOperations.GEMM_I8, gemm(512, 512, 512)),
                new Case(StandardOperations.FNV1A_64, Scalars.of("n", 40L).and("width", 100_003L)));
    }

    static Scalars gemm(long m, long n, long k) {
        return Scalars.of("m", m).and("n", n).and("k", k);
    }

    static Scalars stencil(long height, long width) {
        return Scalars.of("height", height)
                .and("width", width)
                .and("centre", 0.5f)
                .and("side", 0.125f);
    }

    /** Contents for the operands; what is written is not zero before, so that it shows where nothing is written. */
    List<ByteBuffer> contents(long seed) {
        Random random = new Random(seed);
        List<ByteBuffer> contents = new ArrayList<>();
        for (int i = 0; i < operation.operands().size(); i++) {
            ByteBuffer content =
                    ByteBuffer.allocate((int) operation.bytes(i, scalars)).order(ByteOrder.LITTLE_ENDIAN);
            fill(content, operation.operands().get(i).type(), random);
            contents.add(content);
        }
        return contents;
    }

    private static void fill(ByteBuffer content, ElementType type, Random random) {
        for (int at = 0; at < content.capacity(); at += type.bytes()) {
            switch (type) {
                case F32 -> content.putFloat(at, 2 * random.nextFloat() - 1);
                case BF16 -> content.putShort(at, (short) (Float.floatToIntBits(2 * random.nextFloat() - 1) >>> 16));
                case I8 -> content.put(at, (byte) random.nextInt());
                case I32 -> content.putInt(at, random.nextInt());
                case I64 -> content.putLong(at, random.nextLong());
            }
        }
    }

    /** What the operands hold afterwards by the contract. */
    List<ByteBuffer> expected(long seed) {
        return expected(seed, operation.contract().items(scalars));
    }

    /** The same if only the items before {@code end} are computed. */
    List<ByteBuffer> expected(long seed, long end) {
        List<HostMemory> memories = new ArrayList<>();
        for (ByteBuffer content : contents(seed)) {
            HostMemory memory = HostMemory.allocate(content.remaining());
            memory.write(0, content);
            memories.add(memory);
        }
        operation.contract().compute(memories, scalars, 0, end);
        List<ByteBuffer> results = new ArrayList<>();
        for (HostMemory memory : memories) {
            ByteBuffer result = ByteBuffer.allocate((int) memory.size());
            memory.read(0, result);
            results.add(result.flip());
        }
        return results;
    }

    @Override
    public String toString() {
        return operation + " " + scalars;
    }
}
