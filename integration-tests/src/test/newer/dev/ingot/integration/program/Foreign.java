package dev.ingot.integration.program;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Native functions that a program holds, of every form, and memory of every kind of arena. */
public final class Foreign {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout QUOTIENT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("quotient"), ValueLayout.JAVA_INT.withName("remainder"));
    private static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final MethodHandle LENGTH =
            call("strlen", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    private static final MethodHandle ABSOLUTE =
            call("labs", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG), Linker.Option.critical(true));
    private static final MethodHandle DIVISION = call(
            "div", FunctionDescriptor.of(QUOTIENT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = call(
            "close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle PRINT = call(
            "snprintf",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_DOUBLE),
            Linker.Option.firstVariadicArg(3));
    private static final MethodHandle DOUBLED = MethodHandles.filterReturnValue(LENGTH, doubling());
    private static final MethodHandle UNBOUND = LINKER.downcallHandle(
            FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE));
    private static final SymbolLookup MATHEMATICS = SymbolLookup.libraryLookup("libm.so.6", Arena.global());
    private static final MemorySegment COSINE = MATHEMATICS.find("cos").orElseThrow();

    private static final VarHandle REMAINDER =
            QUOTIENT.varHandle(MemoryLayout.PathElement.groupElement("remainder"));
    private static final VarHandle NUMBER =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MemorySegment EVERLASTING = Arena.global().allocate(100, 64);
    private static final MemorySegment AUTOMATIC = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 1000);
    private static final Arena SHARED = Arena.ofShared();
    private static final SegmentAllocator PIECES = SegmentAllocator.slicingAllocator(SHARED.allocate(1 << 16));
    private static final List<MemorySegment> CLOSED = new ArrayList<>();
    private static final MemorySegment SHOWN = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(64)).asSlice(8);

    private Foreign() {}

    public static void main(String[] arguments) throws Throwable {
        Path file = Path.of("mapped");
        Files.write(file, new byte[10000]);
        try (Arena own = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 5000, 3000, SHARED);
            MemorySegment state = own.allocate(STATE);
            List<MemorySegment> words = new ArrayList<>();
            for (int round = 0; round < Pace.ROUNDS; round++) {
                words.add(PIECES.allocateFrom("word " + round));
                Pace.say(functions(words.get(round), round, own, state));
                Pace.say(memory(mapped, round));
            }
            long all = 0;
            for (MemorySegment word : words) {
                all += (long) LENGTH.invokeExact(word);
            }
            System.out.println("all " + all);
        }
        SHARED.close();
        System.out.println(CLOSED.stream().noneMatch(segment -> segment.scope().isAlive()));
        System.out.println(sum(Files.readAllBytes(file)));
    }

    private static String functions(MemorySegment word, int round, Arena own, MemorySegment state) throws Throwable {
        MemorySegment quotient = (MemorySegment) DIVISION.invokeExact((SegmentAllocator) own, 1000 + round, 7);
        int failed = (int) CLOSE.invokeExact(state, -1);
        MemorySegment text = own.allocate(40);
        int printed = (int) PRINT.invokeExact(text, 40L, own.allocateFrom("%d and %.3f"), round, round / 7.0);
        return round + " " + (long) LENGTH.invokeExact(word) + " " + (long) DOUBLED.invokeExact(word) + " "
                + (long) ABSOLUTE.invokeExact((long) -round) + " " + (int) REMAINDER.get(quotient, 0L) + " " + failed
                + " " + (int) NUMBER.get(state, 0L) + " " + printed + " " + text.getString(0) + " "
                + (double) UNBOUND.invokeExact(COSINE, (double) round);
    }

    private static String memory(MemorySegment mapped, int round) throws IOException {
        EVERLASTING.set(ValueLayout.JAVA_BYTE, round, (byte) round);
        AUTOMATIC.setAtIndex(ValueLayout.JAVA_LONG, round * 16, round * 1000003L);
        mapped.set(ValueLayout.JAVA_BYTE, round * 49, (byte) (round + 1));
        SHOWN.set(ValueLayout.JAVA_SHORT_UNALIGNED, round % 27 * 2, (short) round);
        try (Arena brief = Arena.ofConfined()) {
            CLOSED.add(brief.allocate(32));
        }
        boolean aligned = EVERLASTING.address() % 64 == 0;
        return aligned + " " + sum(EVERLASTING.toArray(ValueLayout.JAVA_BYTE)) + " "
                + sum(AUTOMATIC.toArray(ValueLayout.JAVA_BYTE)) + " " + sum(mapped.toArray(ValueLayout.JAVA_BYTE))
                + " " + sum(SHOWN.toArray(ValueLayout.JAVA_BYTE));
    }

    private static long sum(byte[] bytes) {
        long sum = 0;
        for (byte part : bytes) {
            sum = sum * 31 + part;
        }
        return sum;
    }

    private static MethodHandle call(String name, FunctionDescriptor form, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), form, options);
    }

    private static MethodHandle doubling() {
        MethodType type = MethodType.methodType(long.class, long.class, int.class);
        try {
            return MethodHandles.insertArguments(
                    MethodHandles.lookup().findStatic(Math.class, "multiplyExact", type), 1, 2);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
