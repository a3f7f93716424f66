package dev.ingot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A process of this machine, watched from outside. */
record LocalProcess(long pid) {
    private static final Duration PAUSE = Duration.ofMillis(5);

    static LocalProcess of(long pid) {
        return new LocalProcess(pid);
    }

    /** Whether it still runs: one that has exited but whose parent has not noticed yet does not. */
    boolean isAlive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie();
    }

    private boolean isZombie() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name before the state is in brackets and may itself hold any character.
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException noSuchFileHere) {
            return false;
        }
    }

    /** Waits until it is gone; returns whether it is. */
    boolean awaitExit(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
