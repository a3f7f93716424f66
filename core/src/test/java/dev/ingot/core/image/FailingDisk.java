package dev.ingot.core.image;

import java.io.IOException;

/** The real file system until its budget of operations is spent; then writing fails, as on a full or broken disk. */
final class FailingDisk extends SpendingDisk {
    private final String message;
    private int operationsLeft;
    private int failures;

    FailingDisk(int operations) {
        this(operations, "No space left on device");
    }

    /** @param message of the operating system */
    FailingDisk(int operations, String message) {
        this.operationsLeft = operations;
        this.message = message;
    }

    int failures() {
        return failures;
    }

    @Override
    synchronized void spend() throws IOException {
        if (operationsLeft-- <= 0) {
            failures++;
            throw new IOException(message);
        }
    }
}
