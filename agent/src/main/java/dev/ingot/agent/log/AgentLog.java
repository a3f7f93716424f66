package dev.ingot.agent.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the agent's messages to the process's stderr or to a file, each with one write.
 *
 * <p>It goes around {@code System.err}: the program may have replaced that stream, and its code must not run here. Nothing is
 * ever thrown to the caller; where the messages cannot be written, they are lost. Thread-safe.
 */
public final class AgentLog {
    private static final int MAX_REMEMBERED = 1_000;
    private static final int MAX_CAUSES = 20;

    private final LogLevel level;
    private final OutputStream target;
    private final Set<String> warned = new HashSet<>();

    AgentLog(LogLevel level, OutputStream target) {
        this.level = level;
        this.target = target;
    }

    /** A log to the stderr that the process was started with. */
    public static AgentLog toStderr(LogLevel level) {
        return new AgentLog(level, new FileOutputStream(FileDescriptor.err));
    }

    /** A log to the end of that file; to stderr, with a warning, if it cannot be written. */
    public static AgentLog to(LogLevel level, Path file) {
        AgentLog log = new AgentLog(level, new AppendedFile(file));
        try {
            log.target.write(new byte[0]);
            return log;
        } catch (IOException unwritable) {
            AgentLog fallback = toStderr(level);
            fallback.warn("cannot write the file " + file + " of log-file, messages go to stderr", unwritable);
            return fallback;
        }
    }

    /** Whether {@link #info} writes; asked before a message is put together at some cost. */
    public boolean writesInfo() {
        return level.compareTo(LogLevel.INFO) >= 0;
    }

    /** Whether {@link #debug} writes; asked before a message is put together at some cost. */
    public boolean writesDebug() {
        return level.compareTo(LogLevel.DEBUG) >= 0;
    }

    /** Reports something that lost the user what was asked for. */
    public void error(String message) {
        write("error: ", message, null);
    }

    /** Reports something that lost the user what was asked for, with its cause. */
    public void error(String message, Throwable cause) {
        write("error: ", message, cause);
    }

    /** Reports something that may cost the user later. At level quiet the same message is written once. */
    public void warn(String message) {
        if (isWorthWarning(message)) {
            write("warning: ", message, null);
        }
    }

    /** Reports something that may cost the user later, with its cause. At level quiet the same message is written once. */
    public void warn(String message, Throwable cause) {
        if (isWorthWarning(message)) {
            write("warning: ", message, cause);
        }
    }

    /** Reports what the agent did. */
    public void info(String message) {
        if (writesInfo()) {
            write("", message, null);
        }
    }

    /** Reports what helps to find a fault. */
    public void debug(String message) {
        if (writesDebug()) {
            write("debug: ", message, null);
        }
    }

    /** Reports what helps to find a fault, with a stack trace. */
    public void debug(String message, Throwable cause) {
        if (writesDebug()) {
            write("debug: ", message, cause);
        }
    }

    private boolean isWorthWarning(String message) {
        if (writesInfo()) {
            return true;
        }
        synchronized (warned) {
            return warned.size() < MAX_REMEMBERED && warned.add(message);
        }
    }

    private void write(String prefix, String message, @Nullable Throwable cause) {
        var line = new StringBuilder("[ingot] ").append(prefix).append(message);
        // What says the same is not worth a line of its own.
        boolean isSaid = cause != null && !writesDebug() && isOurs(cause) && message.equals(cause.getMessage());
        @Nullable Throwable told = cause == null || !isSaid ? cause : cause.getCause();
        if (told != null) {
            append(line, told);
        }
        line.append(System.lineSeparator());
        byte[] bytes = line.toString().getBytes(Charset.defaultCharset());
        synchronized (target) {
            try {
                target.write(bytes);
                target.flush();
            } catch (IOException e) {
                // There is no other place to report to, and the program must not notice.
                return;
            }
        }
    }

    private void append(StringBuilder line, Throwable cause) {
        @Nullable Throwable next = cause;
        for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
            boolean ours = isOurs(next);
            line.append(depth == 0 ? " (" : ", caused by ")
                    .append(ours ? next.toString() : next.getClass().getName());
            if (ours && writesDebug()) {
                appendTrace(line, next);
            }
            next = ours ? next.getCause() : null;
        }
        line.append(')');
    }

    private static void appendTrace(StringBuilder line, Throwable cause) {
        for (StackTraceElement frame : cause.getStackTrace()) {
            line.append(System.lineSeparator()).append("    at ").append(frame);
        }
        line.append(System.lineSeparator()).append("   ");
    }

    /** An exception class of the program may override any method, and its code must not run here. */
    private static boolean isOurs(Throwable cause) {
        ClassLoader loader = cause.getClass().getClassLoader();
        return loader == null || loader == AgentLog.class.getClassLoader();
    }

    /** Not open in between: it may be moved away, and the program has no file open that it knows nothing of. */
    private static final class AppendedFile extends OutputStream {
        private final String path;

        AppendedFile(Path path) {
            this.path = path.toString();
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single});
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try (FileOutputStream file = new FileOutputStream(path, true)) {
                file.write(bytes, from, length);
            }
        }
    }
}
