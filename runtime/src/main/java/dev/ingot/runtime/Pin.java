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
        return text.append("; ").append(reason.remedy()).toString();
    }
}
