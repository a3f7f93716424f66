package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real file system as one process sees it: at a chosen operation it is full once, perhaps shortly before the process is killed, or full
 * until it is told otherwise, or the process is killed, after which nothing works any more. What is done in several steps can break off
 * between them.
 */
final class UnreliableDisk extends SpendingDisk {
    /** What goes wrong. */
    enum Fault {
        NONE,
        FULL_ONCE,
        FULL_AND_THEN_KILLED,
        FULL,
        KILLED
    }

    private Fault coming = Fault.NONE;
    private int operationsLeft;
    private boolean broken;

    /** Has the operation after {@code operations} more ones fail, and ends a fault before but that of a killed process. */
    void plan(Fault fault, int operations) {
        if (!isKilled()) {
            coming = fault;
            operationsLeft = operations;
            broken = false;
        }
    }

    boolean isKilled() {
        return broken && coming == Fault.KILLED;
    }

    @Override
    void spend() throws IOException {
        if (!broken && (coming == Fault.NONE || operationsLeft-- > 0)) {
            return;
        }
        switch (coming) {
            case FULL_ONCE -> coming = Fault.NONE;
            case FULL_AND_THEN_KILLED -> {
                coming = Fault.KILLED;
                operationsLeft = 2;
            }
            case NONE, FULL, KILLED -> broken = true;
        }
        throw new IOException(isKilled() ? "the process was killed" : "No space left on device");
    }

    @Override
    void spendOn(Output file, ByteBuffer bytes) throws IOException {
        try {
            spend();
        } catch (IOException failure) {
            file.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
            throw failure;
        }
    }

    /** Can break off between two of its files. */
    @Override
    public void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walked = Files.walk(directory)) {
            all = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            if (coming == Fault.KILLED) {
                spend();
            }
            Files.deleteIfExists(path);
        }
    }
}
