package dev.ingot.core.heap;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fills its heap with small objects up to so many percent, and writes it twice. */
final class FullHeapProgram {
    private static final int STEP = 1000;

    private FullHeapProgram() {}

    public static void main(String[] arguments) throws Exception {
        // What the walk needs once is there before the heap is full.
        write(new Object[] {new ArrayList<>(), new HashMap<>()});
        Object[] roots = filled(Integer.parseInt(arguments[0]));
        long first = write(roots);
        long second = write(roots);
        System.out.println(first == second ? "written" : "first " + first + " objects, then " + second);
    }

    private static Object[] filled(int percent) {
        Runtime jvm = Runtime.getRuntime();
        long most = jvm.maxMemory() / 100 * percent;
        Map<Integer, Object[]> map = new HashMap<>(1 << 16);
        List<Object> chain = null;
        while (true) {
            for (int step = 0; step < STEP; step++) {
                chain = chain == null ? List.of("end") : List.of("link", chain);
                map.computeIfAbsent(step, absent -> new Object[1])[0] = chain;
            }
            if (jvm.totalMemory() - jvm.freeMemory() > most) {
                System.gc();
                if (jvm.totalMemory() - jvm.freeMemory() > most) {
                    return new Object[] {map, chain};
                }
            }
        }
    }

    private static long write(Object[] roots) throws Exception {
        return HeapWriter.write(
                        new HeapRoots(roots, List.of()),
                        new ClassPathClasses(),
                        ExternalObjects.ofThisJvm(),
                        ObjectCodecs.NONE,
                        PathNames.PLAIN,
                        OutputStream.nullOutputStream())
                .objects();
    }
}
