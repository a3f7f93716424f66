package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodecs;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes heaps that nobody needs while the program runs, so that what the first image loads, links and compiles does not keep the
 * program's threads waiting.
 */
final class Rehearsal {
    private static final int OBJECTS = 20_000;
    private static final int MOST_ROUNDS = 10;
    private static final long MOST_NANOS = 3_000_000_000L;
    private static final long BUFFER = 16L << 20;

    private final AgentContext agent;
    private final Externals externals;
    private boolean shortDone;
    private boolean longDone;

    Rehearsal(AgentContext agent, Externals externals) {
        this.agent = agent;
        this.externals = externals;
    }

    /**
     * Does what was not done before.
     *
     * @param thorough whether the program is to stand for as short as possible, even if that takes the processor for seconds: the walk's
     *     code is compiled then, which its first ten thousands of objects would wait for otherwise
     */
    void run(ObjectCodecs codecs, boolean thorough) {
        try {
            if (!shortDone) {
                shortDone = true;
                externals.get().refresh(agent.program().all());
                write(new Object[] {"", List.of(""), new HashMap<>(Map.of("", 1))}, HeapHistory.ofOneImage(), codecs);
            }
            if (thorough && !longDone) {
                longDone = true;
                runLong(codecs);
            }
        } catch (NotCapturableException | IOException unimportant) {
            agent.log().debug("cannot rehearse an image", unimportant);
        }
    }

    private void runLong(ObjectCodecs codecs) throws NotCapturableException, IOException {
        Object[] heap = heap();
        long begin = System.nanoTime();
        for (int round = 0; round < MOST_ROUNDS && System.nanoTime() - begin < MOST_NANOS; round++) {
            try (HeapHistory history = HeapHistory.empty()) {
                write(heap, history, codecs);
                write(heap, history, codecs);
            }
        }
    }

    /** Some of each kind of object that heaps consist of. */
    private static Object[] heap() {
        List<Object> list = new ArrayList<>();
        Map<Object, Object> map = new HashMap<>();
        for (int number = 0; number < OBJECTS; number += 3) {
            list.add(new long[] {number, number, number, number});
            list.add("number " + number);
            list.add(new Object[] {list.get(number), list.get(number + 1), map});
            map.put(number, (double) number);
        }
        return new Object[] {list, map};
    }

    private void write(Object[] heap, HeapHistory history, ObjectCodecs codecs)
            throws NotCapturableException, IOException {
        OutputStream nowhere = OutputStream.nullOutputStream();
        try (HeapSection section = HeapSection.begin(nowhere, BUFFER)) {
            try (OutputStream out = section.output()) {
                HeapWriter.write(
                        new HeapRoots(heap, List.of()),
                        agent.program(),
                        externals.get(),
                        codecs,
                        new StackNames(),
                        history,
                        nowhere,
                        out);
            }
            section.finish();
        }
    }
}
