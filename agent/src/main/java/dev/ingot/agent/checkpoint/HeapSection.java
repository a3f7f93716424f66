package dev.ingot.agent.checkpoint;

import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.core.handover.HandOver;
import java.io.IOException;
import java.io.OutputStream;

/** The heap of an image on its way to the disk: written while threads stand, complete at some time after. */
final class HeapSection implements AutoCloseable {
    private final HandOver handOver;

    private HeapSection(HandOver handOver) {
        this.handOver = handOver;
    }

    /**
     * @param section closed when everything is in it
     * @param buffer how many bytes may wait to be written
     */
    static HeapSection begin(OutputStream section, long buffer) {
        return new HeapSection(HandOver.to(section, buffer, task -> AgentThreads.make("image hand-over", task)));
    }

    /** Has memory made ready for about that many bytes, which takes time that threads need not stand for. */
    void prepare(long bytes) {
        handOver.prepare(bytes);
    }

    OutputStream output() {
        return handOver.input();
    }

    /** How many bytes were written. */
    long bytes() {
        return handOver.written();
    }

    /** Waits until everything is in the section. */
    void finish() throws IOException {
        handOver.finish();
    }

    @Override
    public void close() {
        handOver.close();
    }
}
