package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapStatistics;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.jdk.JdkState;
import dev.ingot.core.jdk.lang.ThreadState;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes heaps that nobody needs while the program runs, so that what the first image loads, links and compiles does not keep the
 * program's threads waiting.
 */
final class Rehearsal {
    private static final int OBJECTS = 20_000;
    private static final long MOST_NANOS = 5_000_000_000L;
    /** Longer than C2 takes for what is largest, also where it has to share the processors. */
    private static final long SETTLED_NANOS = 400_000_000L;

    private static final double IMPROVED = 0.9;
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
     * @param classPath as {@link Summaries#classPath} gave it
     * @param thorough whether the program is to stand for as short as possible, even if that takes the processor for seconds: the walk's
     *     code is compiled then, which its first ten thousands of objects would wait for otherwise
     */
    void run(ObjectCodecs codecs, List<ClassPathEntry> classPath, boolean thorough) {
        try {
            if (!shortDone) {
                shortDone = true;
                externals.get().refresh(agent.program().all());
                LoadedProgram program = agent.program();
                HeapWriter.prepare(program.initialized(), program);
                Object[] heap = {"", List.of(""), new HashMap<>(Map.of("", 1))};
                HeapStatistics statistics = write(heap, HeapHistory.ofOneImage(), codecs);
                ImageContents unusedContents = new Summaries(List.of(), classPath, Map.of(), statistics).contents();
                FrameList.write(List.of(), OutputStream.nullOutputStream());
                JdkState.prepare();
                // Not a part of what is written: the program's objects hang on it.
                Object unused = ThreadState.of(agent.mainThread());
            }
            if (thorough && !longDone) {
                longDone = true;
                runLong(codecs);
            }
        } catch (NotCapturableException | IOException | RuntimeException unimportant) {
            // The program runs, so what is looked at may change meanwhile.
            agent.log().debug("cannot rehearse an image", unimportant);
        }
    }

    /** Until a round takes no less time any more than those before it: the compilers work beside it, and do parts of it again. */
    private void runLong(ObjectCodecs codecs) throws NotCapturableException, IOException {
        long begin = System.nanoTime();
        long improved = begin;
        long shortest = Long.MAX_VALUE;
        for (long now = begin; now - begin < MOST_NANOS && now - improved < SETTLED_NANOS; now = System.nanoTime()) {
            Object[] heap = heap();
            long start = System.nanoTime();
            try (HeapHistory history = HeapHistory.empty()) {
                write(heap, history, codecs);
                write(heap, history, codecs);
            }
            long taken = System.nanoTime() - start;
            if (taken < shortest * IMPROVED) {
                shortest = taken;
                improved = System.nanoTime();
            }
        }
    }

    /**
     * Some of each kind of object that heaps consist of: code that has never met one is compiled as if there were none, and compiled
     * again when the first one comes.
     */
    private static Object[] heap() {
        List<Object> list = new ArrayList<>();
        Map<Object, Object> map = new HashMap<>();
        Map<Object, Object> ordered = new LinkedHashMap<>();
        LocalDateTime begin = LocalDateTime.of(2000, 1, 1, 0, 0);
        for (int number = 0; list.size() < OBJECTS; number++) {
            list.add(new long[] {number, number, number, number});
            list.add("number " + number);
            list.add("num\u00e9ro \u2116 " + number);
            list.add(new Object[] {list.get(number), null, list.get(number + 1), map, list.get(number + 2)});
            list.add(begin.plusSeconds(number));
            list.add(new byte[number % 50]);
            list.add(new int[number % 9]);
            list.add(new char[number % 3]);
            list.add(new ArrayDeque<>(List.of(list.get(number))));
            list.add(new AtomicLong(number));
            list.add(List.of(list.get(number), begin));
            map.put(number, (double) number);
            map.put("key " + number, (short) number);
            ordered.put((char) number, (byte) number);
        }
        return new Object[] {list, map, ordered};
    }

    private HeapStatistics write(Object[] heap, HeapHistory history, ObjectCodecs codecs)
            throws NotCapturableException, IOException {
        OutputStream nowhere = OutputStream.nullOutputStream();
        HeapStatistics statistics;
        try (HeapSection section = HeapSection.begin(nowhere, BUFFER)) {
            try (OutputStream out = section.output()) {
                statistics = HeapWriter.write(
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
        return statistics;
    }
}
