package dev.ingot.accelerator.share;

import dev.ingot.accelerator.DeviceFault;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * Who shares a device: a file that all processes of a user map. It has a head and a row for each open device; every number in it is
 * read and written at once. What a process leaves behind that was killed is told by its process id and the time it was started.
 * Thread-safe.
 */
final class Ledger {
    static final int ROWS = 256;
    /** No row. */
    static final int NOBODY = -1;

    /** A number of the head. */
    enum Head {
        /** Says that this is such a file, in this form. */
        MAGIC(0),
        /** The row that has the device, plus 1; 0 if it is free. */
        HOLDER(1),
        /** What whoever had the device last had had of it, by weight. */
        TIME(2);

        private final int place;

        Head(int place) {
            this.place = place;
        }
    }

    /** A number of a row. */
    enum Column {
        /** The process; 0 in a free row; in one that is being freed, minus the process that does it. */
        PROCESS(0),
        /** What {@link ProcessStatus#started} says of the process. */
        STARTED(1),
        /** A hash of the owner's name. */
        OWNER(2),
        /** How long the owner had the device, by weight. */
        TIME(3),
        /** When the device was last asked for, or 0 if it is not wanted. */
        WANTED(4),
        /** When its last turn ended. */
        SERVED(5),
        /** What its buffers take. */
        BYTES(6),
        /** What the owner's buffers are sure to get; in the ledger of memory alone. */
        GUARANTEED(7);

        private final int place;

        Column(int place) {
            this.place = place;
        }
    }

    private static final long MAGIC = 0x696e_676f_7473_0001L;
    private static final int WIDTH = 8;

    // None of this is static, because a resumed program has the values of its statics, and is another process.
    private final VarHandle number = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private final ProcessHandle self = ProcessHandle.current();
    private final long selfStarted =
            ProcessStatus.of(self.pid()).map(ProcessStatus::started).orElse(0L);

    private final ByteBuffer numbers;

    private Ledger(ByteBuffer numbers) {
        this.numbers = numbers;
    }

    static Ledger open(String device) throws DeviceFault {
        String user = System.getProperty("user.name", "unknown");
        return open(
                SharedSpace.root().resolve("ingot-shares-" + user + "-" + device.replaceAll("[^A-Za-z0-9.-]", "_")),
                device);
    }

    static Ledger open(Path file, String device) throws DeviceFault {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            Ledger ledger =
                    new Ledger(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) Long.BYTES * WIDTH * (ROWS + 1)));
            ledger.compareAndSet(Head.MAGIC, 0, MAGIC);
            if (ledger.get(Head.MAGIC) != MAGIC) {
                throw new IOException(file + " is of another version of this library; end the programs that use it, and"
                        + " delete it");
            }
            return ledger;
        } catch (IOException failed) {
            throw unshareable(device, failed);
        }
    }

    static DeviceFault unshareable(String what, IOException failed) {
        return new DeviceFault(
                DeviceFault.Code.UNSUPPORTED,
                DeviceFault.Scope.DEVICE,
                false,
                "cannot share " + what + ": " + failed.getMessage(),
                Map.of(),
                failed);
    }

    // ---- numbers

    long get(Head head) {
        return (long) number.getVolatile(numbers, place(head));
    }

    boolean compareAndSet(Head head, long expected, long value) {
        return number.compareAndSet(numbers, place(head), expected, value);
    }

    /** Sets the number unless it is larger. */
    void advance(Head head, long value) {
        long present = get(head);
        while (present < value && !compareAndSet(head, present, value)) {
            present = get(head);
        }
    }

    long get(int row, Column column) {
        return (long) number.getVolatile(numbers, place(row, column));
    }

    void set(int row, Column column, long value) {
        number.setVolatile(numbers, place(row, column), value);
    }

    void add(int row, Column column, long more) {
        number.getAndAdd(numbers, place(row, column), more);
    }

    private static int place(Head head) {
        return Long.BYTES * head.place;
    }

    private static int place(int row, Column column) {
        return Long.BYTES * (WIDTH * (row + 1) + column.place);
    }

    /** The sum of what two rows have, or the largest number if it is larger. */
    static long sum(long one, long other) {
        long sum = one + other;
        return ((one ^ sum) & (other ^ sum)) < 0 ? Long.MAX_VALUE : sum;
    }

    // ---- rows

    /** A row for this process, or {@link #NOBODY} if there is none left. */
    int claim() {
        for (int row = 0; row < ROWS; row++) {
            bury(row);
            if (number.compareAndSet(numbers, place(row, Column.PROCESS), 0L, self.pid())) {
                set(row, Column.STARTED, selfStarted);
                return row;
            }
        }
        return NOBODY;
    }

    /** Frees a row of this process's own, and the device if the row has it. */
    void clear(int row) {
        compareAndSet(Head.HOLDER, row + 1L, 0);
        for (Column column : Column.values()) {
            if (column != Column.PROCESS) {
                set(row, column, 0);
            }
        }
        set(row, Column.PROCESS, 0);
    }

    /**
     * Frees a row whose process is gone, and the device if the row has it. Of several who see it one does; if that one ends in the middle of
     * it, another one does.
     */
    void bury(int row) {
        long process = get(row, Column.PROCESS);
        long started = get(row, Column.STARTED);
        boolean isLeft = process > 0 ? !isThere(process, started) : process < 0 && !isThere(-process, 0);
        if (isLeft && number.compareAndSet(numbers, place(row, Column.PROCESS), process, -self.pid())) {
            clear(row);
        }
    }

    /** Whether the row is somebody's: neither free nor being freed. What is in others counts no more. */
    boolean isTaken(int row) {
        return get(row, Column.PROCESS) > 0;
    }

    /** Whether the row is somebody's whose process is there. */
    boolean isAlive(int row) {
        long process = get(row, Column.PROCESS);
        long started = get(row, Column.STARTED);
        return process > 0 && isThere(process, started);
    }

    /** Whether a signal or a debugger has stopped the row's process. */
    boolean isStopped(int row) {
        return ProcessStatus.of(Math.abs(get(row, Column.PROCESS)))
                .filter(ProcessStatus::isStopped)
                .isPresent();
    }

    /** @param started 0 if unknown, as in a row that is only being claimed */
    private boolean isThere(long process, long started) {
        if (process == self.pid() && started == selfStarted) {
            return true;
        }
        return ProcessStatus.of(process)
                .filter(found -> started == 0 || found.started() == 0 || found.started() == started)
                .isPresent();
    }
}
