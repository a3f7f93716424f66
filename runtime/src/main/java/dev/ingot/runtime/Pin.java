package dev.ingot.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A thread that could not be captured, and the frame that kept it from being so.
 *
 * @param threadName name of the thread
 * @param reason why
 * @param frame the frame as {@code class.method(file:line)}, or {@code null} if no frame is to blame
 * @param detail more about the cause, or {@code null}
 */
public record Pin(
        String threadName,
        PinReason reason,
        @Nullable String frame,
        @Nullable String detail) {

    /** What frames contain in which Netty waits by native code of its own, which cannot be woken. */
    private static final String[] NATIVE_WAITS = {"io.netty.channel.epoll.Native.", "io.netty.channel.uring.Native."};

    private static final String WAIT_OTHERWISE =
            "start the program with -Dio.netty.transport.noNative=true, so that Netty waits by way of the JDK";

    /** What a user can do. */
    public String remedy() {
        for (String wait : NATIVE_WAITS) {
            if (frame != null && frame.contains(wait)) {
                return WAIT_OTHERWISE;
            }
        }
        return reason.remedy();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("thread \"").append(threadName).append("\" pinned: ").append(reason);
        if (frame != null) {
            text.append(" at ").append(frame);
        }
        if (detail != null) {
            text.append(" (").append(detail).append(')');
        }
        return text.append("; ").append(remedy()).toString();
    }
}
