package dev.ingot.api;

import dev.ingot.runtime.Pin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread that could not be captured.
 *
 * @param thread its name
 * @param reason why, as one word of a fixed set such as {@code NATIVE_FRAME}
 * @param frame the frame to blame as {@code class.method(file:line)}, or {@code null} if there is none
 * @param remedy what can be done about it
 */
public record PinnedThread(
        String thread, String reason, @Nullable String frame, String remedy) {

    static List<PinnedThread> of(List<Pin> pins) {
        var threads = new ArrayList<PinnedThread>();
        for (Pin pin : pins) {
            threads.add(new PinnedThread(pin.threadName(), pin.reason().name(), pin.frame(), pin.remedy()));
        }
        return threads;
    }
}
