package dev.ingot.agent.checkpoint;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.jvm.CompilerDirectives;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the JVM compiles the walk over the heap: quickly at first, and with all its optimizations once so many objects have been walked
 * that this pays.
 *
 * <p>Until C2 has done its part the walk runs in code that counts what it does, at half the speed of code that C1 makes when it
 * knows that C2 will not follow; and C2 takes several times as long as the walk over a small heap. Of most programs few images are ever
 * taken, perhaps only the one that makes room for somebody else, who is waiting. A method that was once kept from C2 is so for good,
 * unless its class is redefined.
 *
 * <p>Not thread-safe.
 */
final class WalkCompilation {
    /** Objects of one heap. About what C2 takes for the walk, by what its code saves for each object. */
    static final long WORTH_OPTIMIZING = 16_000_000;

    /** Objects of several heaps: what has to be compiled once more must be profiled once more as well. */
    static final long WORTH_BEGINNING_ANEW = 32_000_000;

    private static final String PACKAGES =
            "dev/ingot/core/heap/*.*\", \"dev/ingot/core/handover/*.*\", \"dev/ingot/core/jvm/*.*";
    private static final List<String> PREFIXES =
            List.of("dev.ingot.core.heap.", "dev.ingot.core.handover.", "dev.ingot.core.jvm.");

    /**
     * What C2 must not inline. All that makes a new object known, most of it rare, would else be compiled with each method that may meet
     * one: a dozen times, each for as long as everything else of it takes together.
     */
    static final List<String> APART = List.of(
            "dev/ingot/core/heap/HeapWriter.discover",
            "dev/ingot/core/heap/HeapWriter.returningNamed",
            "dev/ingot/core/heap/HeapWriter.returningDescribed",
            "dev/ingot/core/heap/HeapWriter.addReserved",
            "dev/ingot/core/heap/HeapWriter.addMirror",
            "dev/ingot/core/heap/HeapWriter.addModule",
            "dev/ingot/core/heap/HeapWriter.addResolved",
            "dev/ingot/core/heap/HeapWriter.addLoader",
            "dev/ingot/core/heap/HeapWriter.writeLoader",
            "dev/ingot/core/heap/HeapWriter.writeAttachments",
            "dev/ingot/core/heap/NativeTable.made");

    private static final String QUICKLY = "c2: { Exclude: true }";
    private static final String OPTIMIZING = APART.stream()
            .map(method -> "\"-" + method + "\"")
            .collect(Collectors.joining(", ", "c2: { Exclude: false, inline: [", "] }"));

    /** {@code UNDECIDED -> QUICK -> OPTIMIZED}, {@code UNDECIDED -> OPTIMIZED}. */
    private enum State {
        UNDECIDED,
        QUICK,
        OPTIMIZED
    }

    private final Instrumentation instrumentation;
    private final AgentLog log;
    private State state = State.UNDECIDED;
    private long walked;

    WalkCompilation(Instrumentation instrumentation, AgentLog log) {
        this.instrumentation = instrumentation;
        this.log = log;
    }

    /** Notes that so many objects have been walked. */
    void walked(long objects) {
        walked += objects;
    }

    /**
     * Decides for the next walk, before threads stop.
     *
     * @param expected how many objects it will probably meet
     * @param last whether the program ends with it, so that nothing pays that comes after
     * @param shortest whether it is to take as short as possible, whatever that costs before
     * @return whether C2 may compile the walk from now on, where it was kept from it before: it is interpreted again for the moment
     */
    boolean prepare(long expected, boolean last, boolean shortest) {
        switch (state) {
            case UNDECIDED -> decide(shortest || expected >= WORTH_OPTIMIZING);
            case QUICK -> {
                if (shortest || (walked + expected >= WORTH_BEGINNING_ANEW && !last)) {
                    state = State.OPTIMIZED;
                    return direct(OPTIMIZING) && beginAnew();
                }
            }
            case OPTIMIZED -> {}
        }
        return false;
    }

    private void decide(boolean optimize) {
        boolean directed = direct(optimize ? OPTIMIZING : QUICKLY);
        state = optimize || !directed ? State.OPTIMIZED : State.QUICK;
    }

    private boolean direct(String compilers) {
        try {
            CompilerDirectives.add("[{ match: [\"" + PACKAGES + "\"], " + compilers + " }]");
            return true;
        } catch (IOException | RuntimeException refused) {
            log.debug("the walk over the heap is compiled as everything else", refused);
            return false;
        }
    }

    private boolean beginAnew() {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getClassLoader() == HeapWriter.class.getClassLoader() && isOfWalk(type)) {
                classes.add(type);
            }
        }
        try {
            instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
            return true;
        } catch (UnmodifiableClassException | RuntimeException | LinkageError failure) {
            log.debug("the walk over the heap is not optimized", failure);
            return false;
        }
    }

    private boolean isOfWalk(Class<?> type) {
        return instrumentation.isModifiableClass(type) && PREFIXES.stream().anyMatch(type.getName()::startsWith);
    }
}
