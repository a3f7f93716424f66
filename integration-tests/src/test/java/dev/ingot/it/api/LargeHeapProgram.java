package dev.ingot.it.api;

import dev.ingot.api.CheckpointException;
import dev.ingot.api.Ingot;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/** Has images taken until the walk over its objects is optimized, is suspended, and does so once more. */
final class LargeHeapProgram {
    private static final int MOST_IMAGES = 30;

    private LargeHeapProgram() {}

    /**
     * Holds the objects.
     *
     * @param arguments how many there are
     */
    public static void main(String[] arguments) throws CheckpointException, JMException {
        List<Object> objects = new ArrayList<>();
        for (int i = Integer.parseInt(arguments[0]); i > 0; i--) {
            objects.add(new Object());
        }
        awaitOptimized();
        Ingot.suspend();
        awaitOptimized();
        System.out.println(objects.size());
    }

    private static void awaitOptimized() throws CheckpointException, JMException {
        int image = 0;
        do {
            Ingot.checkpoint();
            image++;
        } while (!isOptimized() && image < MOST_IMAGES);
        System.out.println(image);
    }

    /**
     * Whether C2 has made code of what the walk does for each object, as {@code jcmd PID Compiler.codelist} would say it: number, tier,
     * state, method.
     */
    private static boolean isOptimized() throws JMException {
        String compiled = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "compilerCodelist",
                        new Object[0],
                        new String[0]);
        return compiled.lines()
                .anyMatch(line -> line.matches(" *\\d+ +4 +.*dev\\.ingot\\.core\\.heap\\.HeapWriter\\.discover\\(.*"));
    }
}
