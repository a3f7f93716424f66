package dev.ingot.accelerator.device;

import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.LinkedHashMap;
import java.util.Map;

/** The pace of each of the last kernels, so that one that is computed again need not find its own anew. Used by one thread. */
final class Paces {
    private static final int MOST = 256;

    private final Map<Work, Pace> paces = new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Work, Pace> eldest) {
            return size() > MOST;
        }
    };

    /** What takes the same time on the same device. */
    private record Work(Operation operation, Scalars scalars) {}

    /** The pace of a command; that of what is no kernel is of no use. */
    Pace of(Command command) {
        return command instanceof Kernel kernel
                ? paces.computeIfAbsent(new Work(kernel.operation(), kernel.scalars()), unseen -> new Pace())
                : new Pace();
    }
}
