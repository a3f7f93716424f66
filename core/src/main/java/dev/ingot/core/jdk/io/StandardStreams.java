package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * The three streams a JVM starts with. They are the new process's own after a resume; what was read from the input but not
 * yet handed to the program goes with the image, and so does the place in the input where it is a file.
 *
 * <p>Take it before the program can replace them with {@code System.setIn} and the like.
 */
public final class StandardStreams {
    private static final Slot BUFFER = Slot.of(BufferedInputStream.class, "buf");
    private static final Slot COUNT = Slot.of(BufferedInputStream.class, "count");
    private static final Slot POSITION = Slot.of(BufferedInputStream.class, "pos");
    private static final Slot MARK = Slot.of(BufferedInputStream.class, "markpos");
    private static final int UNMARKED = -1;
    /** Where a buffered stream is locked by an object of java.util.concurrent, as on JDK 21: that object, in one of the JDK's own. */
    private static final @Nullable Slot LOCK = Slot.find(BufferedInputStream.class, "lock");

    private static final int INPUT_LOCK = 4;
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final int[] OUTPUTS = {STANDARD_OUTPUT, STANDARD_ERROR};
    /** Set by whoever starts this process and has seen to the outputs. */
    private static final String ROLLED_BACK = "INGOT_OUTPUT_ROLLED_BACK";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final OpenFiles files;
    /** How long the files behind the outputs were when this process began, by descriptor. */
    private final long[] begun = new long[STANDARD_ERROR + 1];

    private StandardStreams(InputStream in, PrintStream out, PrintStream err, FilePolicy policy) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.files = new OpenFiles(policy);
        for (int number : OUTPUTS) {
            begun[number] = lengthOf(number);
        }
    }

    private static long lengthOf(int number) {
        try {
            return OutputFile.lengthOf(number);
        } catch (IOException unknown) {
            return 0;
        }
    }

    /** The streams that {@code System} holds now. */
    public static StandardStreams ofThisJvm(FilePolicy policy) {
        return new StandardStreams(System.in, System.out, System.err, policy);
    }

    /**
     * Flushes the output streams and describes all three.
     *
     * @return for {@link #restore}: leaf data, and the lock that a thread may own which waits for input
     * @throws NotCapturableException if one is a file whose state cannot be read
     */
    public Object[] capture() throws NotCapturableException {
        flush(out);
        flush(err);
        return new @Nullable Object[] {unread(), source(), output(STANDARD_OUTPUT), output(STANDARD_ERROR), inputLock()
        };
    }

    /** A subclass is the program's, and its buffer part of the program's heap. */
    private static void flush(PrintStream stream) {
        if (stream.getClass() == PrintStream.class) {
            stream.flush();
        }
    }

    private byte[] unread() {
        if (in.getClass() != BufferedInputStream.class || !(BUFFER.get(in) instanceof byte[] buffer)) {
            return new byte[0];
        }
        return Arrays.copyOfRange(buffer, POSITION.getInt(in), COUNT.getInt(in));
    }

    private static Object @Nullable [] output(int number) throws NotCapturableException {
        try {
            OutputFile file = OutputFile.of(number);
            return file == null ? null : file.toState();
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe descriptor " + number + ": " + e.getMessage(), e);
        }
    }

    private Object @Nullable [] source() throws NotCapturableException {
        try {
            Descriptor input =
                    Descriptor.of(SharedSecrets.getJavaIOFileDescriptorAccess().get(FileDescriptor.in));
            return input.isPath() && input.attributes().isRegularFile()
                    ? files.describe(input, false).toState()
                    : null;
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe standard input: " + e.getMessage(), e);
        }
    }

    /**
     * Makes this JVM's standard input go on where the image's stopped. If it was a file, that file is read on, also where this
     * process was started with another input. Output that goes to the file it went to before goes on where it was then.
     *
     * @throws NotRestorableException if the input was a file that cannot be opened any more, or an output cannot be cut
     */
    public void restore(Object[] state) throws NotRestorableException {
        byte[] unread = (byte[]) state[0];
        if (unread.length > 0 && in.getClass() == BufferedInputStream.class) {
            BUFFER.put(in, unread);
            POSITION.put(in, 0);
            COUNT.put(in, unread.length);
            MARK.put(in, UNMARKED);
        }
        if (state.length > INPUT_LOCK && state[INPUT_LOCK] instanceof ReentrantLock lock) {
            lockInputBy(lock);
        }
        if (state[1] != null) {
            goOnIn(OpenFile.fromState(state[1]));
        }
        rollBack(STANDARD_OUTPUT, state[STANDARD_OUTPUT + 1]);
        rollBack(STANDARD_ERROR, state[STANDARD_ERROR + 1]);
    }

    private @Nullable Object inputLock() {
        Object lock = LOCK == null || in.getClass() != BufferedInputStream.class ? null : LOCK.get(in);
        return lock == null ? null : LockSlot.OF_JDK.get(lock);
    }

    private void lockInputBy(ReentrantLock lock) {
        if (LOCK != null && in.getClass() == BufferedInputStream.class) {
            LockSlot.OF_JDK.put(LOCK.get(in), lock);
        }
    }

    /** Of JDKs that have it. */
    private static final class LockSlot {
        static final Slot OF_JDK = Slot.of("jdk.internal.misc.InternalLock", "lock");

        private LockSlot() {}
    }

    private void rollBack(int number, @Nullable Object state) throws NotRestorableException {
        if (state != null && System.getenv(ROLLED_BACK) == null) {
            OutputFile.fromState(state).rollBack(number, begun[number]);
        }
    }

    private void goOnIn(OpenFile file) throws NotRestorableException {
        try {
            Descriptor input = Descriptor.of(STANDARD_INPUT);
            if (input.target().equals(file.path())) {
                OpenFiles.seek(STANDARD_INPUT, file.position());
                return;
            }
        } catch (IOException e) {
            throw new NotRestorableException("cannot go on in standard input: " + e.getMessage(), e);
        }
        SharedSecrets.getJavaIOFileDescriptorAccess().set(FileDescriptor.in, files.reopen(file));
    }
}
