package dev.ingot.cli;

import java.lang.management.ManagementFactory;

/** What this machine has. */
final class Machine {
    private static final long MIB = 1 << 20;

    private Machine() {}

    static long memoryMiB() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() / MIB
                : Runtime.getRuntime().maxMemory() / MIB;
    }
}
