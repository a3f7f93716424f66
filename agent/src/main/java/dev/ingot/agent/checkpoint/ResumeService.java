package dev.ingot.agent.checkpoint;

import dev.ingot.agent.observe.ResumeObservation;
import dev.ingot.agent.observe.ResumePhase;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.jdk.JdkState;
import dev.ingot.core.jdk.io.NativeLibraries;
import dev.ingot.core.jdk.lang.ThreadIds;
import dev.ingot.core.jdk.lang.ThreadState;
import dev.ingot.runtime.Control;
import dev.ingot.runtime.FrameRecord;
import dev.ingot.runtime.ProgramClock;
import dev.ingot.runtime.Safepoint;
import dev.ingot.runtime.StackTranslation;
import dev.ingot.runtime.ThreadRecord;
import dev.ingot.runtime.Woven;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.UnmodifiableClassException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes this fresh JVM go on as the program of an image.
 *
 * <p>Runs on the main thread before the launcher calls {@code main}: when it returns, the heap stands and every other thread of
 * the program has been started. The launcher's call of {@code main} then re-enters the main thread's stack.
 */
final class ResumeService {
    private static final long REBUILD_DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();

    private final AgentContext agent;
    private final HeapRestore heap;
    private final CheckpointService checkpoints;
    private final ProgramDevices devices;

    ResumeService(AgentContext agent, Externals externals, CheckpointService checkpoints) {
        this.agent = agent;
        this.heap = new HeapRestore(agent, externals, checkpoints);
        this.checkpoints = checkpoints;
        this.devices = new ProgramDevices(agent);
    }

    /**
     * Does what can be done for an image that is still to come, once one is there on which it will go: loads its classes and makes its
     * objects as they were then. Afterwards no image can be resumed that does not go on this one.
     *
     * @throws NotRestorableException if this JVM lacks something the program needs; the message names it
     * @throws IOException if the image cannot be read
     */
    void readAhead(ImageHandle base) throws NotRestorableException, IOException {
        ThreadIds.stepAside();
        requireSameWeaver(base);
        makeResumable(frames(base));
        heap.ahead(base);
    }

    /**
     * Resumes an image.
     *
     * @param whenRunning called once the program's threads run again
     * @throws NotRestorableException if this JVM lacks something the program needs; the message names it
     * @throws IOException if the image cannot be read
     */
    void resume(ImageHandle image, Runnable whenRunning) throws NotRestorableException, IOException {
        ResumeObservation observation =
                agent.observer().resume(image.directory().toString());
        observation.enter(ResumePhase.VERIFY);
        ThreadIds.stepAside();
        requireSameWeaver(image);
        warnOfChanges(image.manifest().contents().classPath());
        makeResumable(frames(image));
        observation.enter(ResumePhase.HEAP);
        ProgramState state = heap.read(image);
        HeapHistory history = heap.history();
        // Weaving the program's classes may itself have been the first to load a class of the JDK that stands on a
        // stack.
        agent.retransformer().weaveLoadedJdkClasses();
        observation.enter(ResumePhase.STATE);
        makeResumable(translatedMethods(state.threads()));
        restoreState(state);
        devices.rebind(
                agent.options().resume().devices(), agent.options().resume().determinism());
        checkpoints.resumedFrom(image, history);
        observation.enter(ResumePhase.THREADS);
        startThreads(state, observation, whenRunning);
    }

    private static List<FrameList.Entry> frames(ImageHandle image) throws IOException {
        try (InputStream in = image.section(FrameList.SECTION)) {
            return FrameList.read(in);
        }
    }

    private void requireSameWeaver(ImageHandle image) throws NotRestorableException {
        String version = image.manifest().weaverVersion();
        if (!version.equals(agent.weaverVersion())) {
            throw new NotRestorableException(
                    "cannot resume " + image.directory() + ": its stacks were captured by weaver "
                            + version + ", this agent has weaver " + agent.weaverVersion()
                            + "; resume it with Ingot " + image.manifest().ingotVersion());
        }
    }

    /** Whether a changed class still fits is seen class by class; this says what to look at if one does not. */
    private void warnOfChanges(List<ClassPathEntry> classPath) throws IOException {
        for (ClassPathEntry entry : classPath) {
            String difference = entry.difference();
            if (difference != null) {
                agent.log()
                        .warn(
                                "class path entry " + entry.path() + " " + difference
                                        + " since the image was taken; the program goes on with the classes that are there now");
            }
        }
    }

    private void makeResumable(List<FrameList.Entry> methods) throws NotRestorableException {
        Woven.initialize();
        Set<String> names = new HashSet<>();
        for (FrameList.Entry entry : methods) {
            if (agent.resumable().add(entry.className(), entry.method())) {
                names.add(entry.className());
            }
        }
        try {
            // Classes of the program are there as well, if they were loaded for an earlier image or by another agent.
            agent.retransformer().weaveAllAgain(names);
        } catch (UnmodifiableClassException e) {
            throw new NotRestorableException("cannot resume: a class on a stack cannot be woven", e);
        }
    }

    /** Where the image is of another version of the JDK, they have other names than it says, or are not in it. */
    private static List<FrameList.Entry> translatedMethods(List<ThreadRecord> threads) {
        List<FrameList.Entry> methods = new ArrayList<>();
        for (ThreadRecord thread : threads) {
            for (FrameRecord frame : thread.frames()) {
                if (StackTranslation.mayBeNew(frame)) {
                    methods.add(new FrameList.Entry(frame.owner().getName(), frame.method()));
                }
            }
        }
        return methods;
    }

    private void restoreState(ProgramState state) throws NotRestorableException {
        List<String> changed = StackTranslation.changedMethods(state.threads());
        if (!changed.isEmpty()) {
            throw new NotRestorableException("cannot rebuild the stacks: these methods are not what they were when the"
                    + " image was taken: " + String.join(", ", changed)
                    + "; resume with the same class path and, where they belong to the JDK, the same JDK version");
        }
        NativeLibraries.restore(state.libraries());
        JdkState.restoreState(state.jdk());
        agent.streams().restore(state.streams());
        ProgramClock.continueFrom(state.nanoTime());
        Control.resume(state.control());
    }

    private void startThreads(ProgramState state, ResumeObservation observation, Runnable whenRunning)
            throws NotRestorableException {
        Thread mainThread = agent.mainThread();
        ThreadStacks.prepare(state.threads(), mainThread);
        Safepoint.prepareResume(state.threads(), mainThread);
        for (ThreadRecord record : state.threads()) {
            if (record.thread() != mainThread) {
                ThreadState.start(record.thread());
                ThreadIds.settle(record.thread());
            }
        }
        AgentThreads.start("resume", () -> {
            try (observation) {
                // The launcher's own entries into the main thread are done once it stands in its stack.
                Safepoint.awaitRebuilt(
                        REBUILD_DEADLINE_NANOS, () -> ThreadState.applyTo(mainThread, state.mainThread()));
                JdkState.startThreads();
                devices.thaw();
                observation.enter(ResumePhase.HOOKS_AFTER);
                Hooks hooks = new Hooks(mainThread, agent.log());
                hooks.after(Control.RESTORED);
                observation.completed(state.threads().size(), 0, 0);
                hooks.publish(observation.report());
                whenRunning.run();
            } catch (Throwable failure) {
                agent.log().error("cannot go on with the resumed program", failure);
                NotResumed.halt();
            }
        });
    }
}
