package dev.ingot.core.heap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Images that say what changed since the one before, in this JVM. */
final class HeapChain implements AutoCloseable {
    private final HeapCopy heap;
    private HeapHistory history;
    private byte[] head = new byte[0];
    private ByteArrayOutputStream segments = new ByteArrayOutputStream();
    private int lastBytes;
    private int continued;
    /** The first image of the series, whole. */
    private byte[] first = new byte[0];

    private int firstBytes;

    HeapChain(HeapCopy heap) {
        this(heap, HeapHistory.empty());
    }

    private HeapChain(HeapCopy heap, HeapHistory history) {
        this.heap = heap;
        this.history = history;
    }

    /** However much of the images before is out of date. */
    static HeapChain withoutEnd(HeapCopy heap) {
        return new HeapChain(heap, HeapHistory.empty(Integer.MAX_VALUE / 100));
    }

    /** Writes the next image, which is whole or says what changed. */
    void write(Object root) throws NotCapturableException, IOException {
        history.forgetIfOutdated();
        if (history.continues()) {
            continued++;
        } else {
            segments.reset();
        }
        int before = segments.size();
        ByteArrayOutputStream newHead = new ByteArrayOutputStream();
        heap.write(root, history, newHead, segments);
        head = newHead.toByteArray();
        lastBytes = segments.size() - before;
        if (before == 0) {
            first = bytes();
            firstBytes = segments.size();
        }
    }

    /** What the last image says, which goes on others, if the first of these is read before the rest is there. */
    Object[] readInTwo() throws NotRestorableException, IOException {
        byte[] all = segments.toByteArray();
        return (Object[]) heap.readInTwo(first, head, Arrays.copyOfRange(all, firstBytes, all.length))
                .root();
    }

    /** What the last image says, on which the next one goes as if it was written by the JVM that read it. */
    Object[] resume() throws NotRestorableException, IOException {
        HeapCopy.Resumed resumed = heap.resume(bytes());
        history.close();
        history = resumed.history();
        return (Object[]) resumed.heap().root();
    }

    /** What the last image says. */
    Object[] read() throws NotRestorableException, IOException {
        return (Object[]) heap.read(bytes()).root();
    }

    /** The last image with those it goes on, as one stream. */
    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head);
        all.writeBytes(segments.toByteArray());
        return all.toByteArray();
    }

    /** Bytes that the last image added. */
    int lastBytes() {
        return lastBytes;
    }

    /** How many images said only what changed. */
    int continued() {
        return continued;
    }

    @Override
    public void close() {
        history.close();
    }
}
