package dev.ingot.agent.checkpoint;

import dev.ingot.agent.observe.CheckpointObservation;
import dev.ingot.agent.observe.CheckpointPhase;
import dev.ingot.agent.options.NativePolicy;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.PinnedThread;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.foreign.ForeignCodecs;
import dev.ingot.core.handover.FreeMemory;
import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.heap.HeapRoots;
import dev.ingot.core.heap.HeapStatistics;
import dev.ingot.core.heap.HeapWriter;
import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageProblem;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.jdk.JdkCodecs;
import dev.ingot.core.jdk.JdkState;
import dev.ingot.core.jdk.foreign.ForeignMemoryCodecs;
import dev.ingot.core.jdk.io.AllocatedMemory;
import dev.ingot.core.jdk.io.NativeLibraries;
import dev.ingot.core.jdk.lang.ThreadState;
import dev.ingot.core.library.ProgramCodecs;
import dev.ingot.runtime.CheckpointRequest;
import dev.ingot.runtime.CheckpointRequests;
import dev.ingot.runtime.Control;
import dev.ingot.runtime.Pin;
import dev.ingot.runtime.ProgramClock;
import dev.ingot.runtime.Safepoint;
import dev.ingot.runtime.ThreadRecord;
import dev.ingot.runtime.WatcherThreads;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes images of the program.
 *
 * <p>One checkpoint at a time; a second request waits for its turn. Whatever fails, the program's threads go on: the only way
 * out that leaves them stopped is a successful suspend.
 */
public final class CheckpointService {
    private static final long ATTEMPT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();
    private static final long REBUILD_DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();

    private static final long SUSPEND_BUFFER = 16L << 20;
    private static final int SHARE_OF_FREE_MEMORY = 4;
    private static final long MOST_SECONDS_AT_THE_END = 60;
    private static final long MOST_MILLIS_OF_JDK = 5_000;

    private static final String CANCELLED = "the checkpoint was cancelled; the program goes on";
    private static final String NO_ROOM =
            "cannot take a checkpoint: the Java heap has no room for the list of objects that wait to be written; raise -Xmx";
    private static final String NOT_ALL_CAPTURED =
            "cannot take a checkpoint: not every thread could be captured in time";

    private final AgentContext agent;
    private final Hooks hooks;
    private final Externals externals;
    private final ProgramDevices devices;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final AtomicLong taken = new AtomicLong();
    private volatile boolean cancelled;
    /** Guarded by {@link #oneAtATime}. */
    private final Rehearsal rehearsal;

    /** Guarded by {@link #oneAtATime}. */
    private long lastHeapBytes;

    /** What the next image may take on the disk too. Guarded by {@link #oneAtATime}. */
    private long lastPackBytes;

    private final WalkMemory walkMemory = new WalkMemory();
    private final WalkCompilation compilation;
    private final Sidecar sidecar;

    /** Guarded by {@link #oneAtATime}. */
    private final EarlierImages remembered;

    private volatile @Nullable String parent;
    private volatile @Nullable CountDownLatch completing;

    CheckpointService(AgentContext agent, Externals externals) {
        this.agent = agent;
        this.hooks = new Hooks(agent.mainThread(), agent.log());
        this.externals = externals;
        this.devices = new ProgramDevices(agent);
        this.remembered = new EarlierImages(agent);
        this.sidecar = new Sidecar(agent);
        this.compilation = new WalkCompilation(agent.instrumentation(), agent.log());
        this.rehearsal = new Rehearsal(agent, externals);
        Runtime.getRuntime().addShutdownHook(AgentThreads.make("image end", new Completion()));
    }

    /** Spelled out, as everything a start needs: a lambda costs it many times what a class does. */
    private final class Completion implements Runnable {
        @Override
        public void run() {
            awaitCompletion();
        }
    }

    /** How many images this JVM has written. */
    long imagesTaken() {
        return taken.get();
    }

    boolean isBusy() {
        return oneAtATime.isLocked();
    }

    /**
     * Whether images of this program are to go on the one that it is resumed from.
     *
     * @param objects how many there are
     */
    boolean wantToGoOn(long objects) {
        oneAtATime.lock();
        try {
            walkMemory.walked(objects);
            return remembered.wantToGoOn(walkMemory.allowsSeries(agent.log()));
        } finally {
            oneAtATime.unlock();
        }
    }

    /**
     * Says which image this program was resumed from.
     *
     * @param history with which the next one can go on it; null if it is to be a whole one
     */
    void resumedFrom(ImageHandle image, @Nullable HeapHistory history) {
        oneAtATime.lock();
        try {
            parent = image.manifest().id();
            if (history != null) {
                remembered.resumed(image, history);
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Ends the checkpoint under way, if there is one and its image is not complete yet; its threads go on. */
    void cancel() {
        cancelled = true;
        Safepoint.giveUp();
    }

    /**
     * Writes an image, after one that is being written.
     *
     * @param images the store's directory
     * @param suspend leaves the threads stopped once the image is complete; the caller ends the process
     * @param trigger what asked, for the observer
     * @throws ControlException if no image was written; the program goes on then
     */
    TakenImage take(Path images, boolean suspend, String trigger, ProgressListener progress) throws ControlException {
        oneAtATime.lock();
        try {
            return takeAlone(images, suspend, trigger, progress);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** As {@link #take}, of a program that goes on; the image after this one says only what has changed. */
    TakenImage takeBeforeMore(Path images, String trigger, ProgressListener progress) throws ControlException {
        oneAtATime.lock();
        try {
            remembered.keepNext();
            return takeAlone(images, false, trigger, progress);
        } finally {
            oneAtATime.unlock();
        }
    }

    /**
     * As {@link #take}, but only if the image is still {@code needed} when its turn comes.
     */
    void takeInTurn(Path images, boolean suspend, String trigger, ProgressListener progress, BooleanSupplier needed)
            throws ControlException {
        oneAtATime.lock();
        try {
            if (needed.getAsBoolean()) {
                takeAlone(images, suspend, trigger, progress);
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    private TakenImage takeAlone(Path images, boolean suspend, String trigger, ProgressListener progress)
            throws ControlException {
        cancelled = false;
        try (CheckpointObservation observation = agent.observer().checkpoint(trigger, suspend)) {
            try {
                return observed(images, suspend, progress, observation);
            } catch (ControlException failure) {
                observation.failed(reasonOf(failure), pinsOf(failure));
                throw failure;
            } catch (RuntimeException | Error failure) {
                agent.log().debug("a checkpoint failed unexpectedly", failure);
                observation.failed(failure.toString(), List.of());
                throw new ControlException(
                        FailureCode.FAILED,
                        "cannot take a checkpoint: " + failure + "; this is a fault of Ingot, log=debug shows where",
                        failure);
            } finally {
                // A program that takes images may be killed at any time, and the next one to need the classes is its
                // resume.
                agent.transformer().saveCache();
                Control.Report report = observation.report();
                if (!suspend || report.outcome() == Control.FAILED) {
                    hooks.publish(report);
                }
            }
        }
    }

    /** Why a checkpoint failed, without the threads it failed on. */
    static String reasonOf(ControlException failure) {
        return pinsOf(failure).isEmpty() ? String.valueOf(failure.getMessage()) : NOT_ALL_CAPTURED;
    }

    /** The threads that a checkpoint failed on. */
    static List<Pin> pinsOf(ControlException failure) {
        return failure.getCause() instanceof Control.Refusal refusal ? refusal.pins() : List.of();
    }

    private TakenImage observed(
            Path images, boolean suspend, ProgressListener progress, CheckpointObservation observation)
            throws ControlException {
        observation.enter(CheckpointPhase.HOOKS);
        beforeHooks();
        try (ImageWriter writer = begin(images)) {
            return stopped(writer, Summaries.classPath(), suspend, progress, observation);
        } catch (IOException failure) {
            devices.thaw();
            hooks.after(Control.FAILED);
            throw cancelled ? new ControlException(FailureCode.CANCELLED, CANCELLED, failure) : storageFailure(failure);
        } catch (ControlException | RuntimeException | Error failure) {
            devices.thaw();
            hooks.after(Control.FAILED);
            throw failure;
        }
    }

    private void beforeHooks() throws ControlException {
        try {
            hooks.before();
        } catch (Control.Refusal refusal) {
            throw new ControlException(FailureCode.FAILED, String.valueOf(refusal.getMessage()), refusal);
        }
    }

    private ImageWriter begin(Path images) throws IOException {
        ProcessDescription process = ProcessDescription.ofThisProcess()
                .without(agent.options().capture().secrets());
        ImageStore store = ImageStore.at(
                        images,
                        task -> AgentThreads.make("image", task),
                        agent.options().images().keys())
                .with(sidecar);
        return store.begin(new ImageDescription(
                agent.imageName(process), parent, agent.version(), agent.weaverVersion(), process, lastPackBytes));
    }

    private TakenImage stopped(
            ImageWriter writer,
            List<ClassPathEntry> classPath,
            boolean suspend,
            ProgressListener progress,
            CheckpointObservation observation)
            throws ControlException, IOException {
        ProgramCodecs programCodecs = programCodecs();
        boolean optimized = compilation.prepare(walkMemory.expected(), suspend, remembered.isAsked());
        rehearsal.run(codecs(agent.program(), programCodecs), classPath, optimized || remembered.isAsked());
        requireWanted();
        boolean standing = true;
        boolean written = false;
        remembered.begin(writer, suspend, walkMemory.allowsSeries(agent.log()));
        try (HeapSection heap = heapSection(writer, suspend)) {
            progress.progress("devices", -1);
            devices.freeze(agent.options().capture().deadline());
            observation.enter(CheckpointPhase.STOP);
            progress.progress("stop", -1);
            long start = System.nanoTime();
            Safepoint.Outcome outcome = stop(suspend, observation);
            try {
                requireWanted();
                if (!outcome.pins().isEmpty()) {
                    throw pinned(outcome.pins());
                }
                Map<String, String> held = devices.held();
                holdThreadsOfJdk();
                Summaries summaries =
                        write(writer, heap, classPath, outcome.records(), held, programCodecs, progress, observation);
                List<CheckpointRequest> asking = CheckpointRequests.in(outcome.records());
                if (!suspend) {
                    standing = false;
                    goOn(outcome, observation);
                }
                Duration pause = Duration.ofNanos(System.nanoTime() - start);
                ImageHandle image = complete(writer, heap, summaries, suspend, progress, observation);
                standing = false;
                written = true;
                remembered.written(image);
                asking.forEach(CheckpointRequest::taken);
                return taken(image, suspend ? Duration.ofNanos(System.nanoTime() - start) : pause);
            } finally {
                if (standing) {
                    goOn(outcome, observation);
                }
                if (!written) {
                    remembered.forget();
                }
            }
        }
    }

    /**
     * Threads run from here on, unless they are to stay as they are; the image is compressed and written meanwhile. Hooks do not
     * depend on how that ends.
     */
    private ImageHandle complete(
            ImageWriter writer,
            HeapSection heap,
            Summaries summaries,
            boolean suspend,
            ProgressListener progress,
            CheckpointObservation observation)
            throws ControlException, IOException {
        CountDownLatch completion = new CountDownLatch(1);
        completing = completion;
        try {
            if (!suspend) {
                devices.thaw();
                observation.enter(CheckpointPhase.HOOKS_AFTER);
                hooks.after(Control.CHECKPOINTED);
            }
            observation.enter(CheckpointPhase.COMMIT);
            progress.progress("commit", -1);
            heap.finish();
            requireWanted();
            ImageContents contents = summaries.contents();
            writer.needsStacks(summaries.stackBytes());
            ImageHandle image = writer.commit(contents);
            taken.incrementAndGet();
            lastPackBytes = image.manifest().packBytes();
            observation.completed(
                    image.directory().toString(),
                    contents.threads().size(),
                    contents.heap().objects(),
                    image.manifest().packBytes());
            return image;
        } finally {
            completing = null;
            completion.countDown();
        }
    }

    private static TakenImage taken(ImageHandle image, Duration pause) {
        return new TakenImage(
                image.directory(),
                image.manifest().id(),
                image.manifest().sequence(),
                image.manifest().packBytes(),
                pause);
    }

    /** What lies in memory costs a program that goes on less than its threads' time; one that is suspended has the time. */
    private HeapSection heapSection(ImageWriter writer, boolean suspend) {
        HeapSection heap = HeapSection.begin(
                new CancellableOutput(writer.section(Images.HEAP), () -> cancelled),
                suspend ? SUSPEND_BUFFER : buffer());
        if (!suspend) {
            heap.prepare(lastHeapBytes);
        }
        return heap;
    }

    private long buffer() {
        Long chosen = agent.options().images().buffer();
        return chosen == null ? FreeMemory.bytes() / SHARE_OF_FREE_MEMORY : chosen;
    }

    /** Lets an image that only has to be written be written, when the JVM ends meanwhile. */
    private void awaitCompletion() {
        CountDownLatch completion = completing;
        if (completion != null) {
            try {
                boolean unused = completion.await(MOST_SECONDS_AT_THE_END, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Stops the program's threads. A thread that is pinned may wait for one that has stopped, so after a while all are let go
     * for as long before they are stopped again.
     */
    private Safepoint.Outcome stop(boolean suspend, CheckpointObservation observation) {
        long end = System.nanoTime() + agent.options().capture().deadline().toNanos();
        agent.retransformer().weaveMissedClasses();
        ThreadStacks.describe();
        while (true) {
            long start = System.nanoTime();
            long left = end - start;
            Safepoint.Outcome outcome = Safepoint.stop(left < 3 * ATTEMPT_NANOS ? left : ATTEMPT_NANOS, suspend);
            long taken = System.nanoTime() - start;
            long pause = Math.min(ATTEMPT_NANOS, Math.max(taken, PAUSE_NANOS));
            if (outcome.pins().isEmpty() || left - taken < pause || cancelled) {
                return outcome;
            }
            goOn(outcome, observation);
            pauseFor(pause);
            awaitInitializers(outcome.pins(), end - ATTEMPT_NANOS);
            observation.enter(CheckpointPhase.STOP);
        }
    }

    private void pauseFor(long nanos) {
        long end = System.nanoTime() + nanos;
        while (!cancelled && System.nanoTime() < end) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    private void awaitInitializers(List<Pin> pins, long end) {
        RunningInitializers initializers = RunningInitializers.among(pins);
        while (!cancelled && System.nanoTime() < end && initializers.any()) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    /** Providers are code of the program, which must run before its threads stand. */
    private ProgramCodecs programCodecs() throws ControlException {
        try {
            return ProgramCodecs.find(agent.program().loaders());
        } catch (NotCapturableException refusal) {
            throw new ControlException(FailureCode.FAILED, String.valueOf(refusal.getMessage()), refusal);
        }
    }

    private void goOn(Safepoint.Outcome outcome, CheckpointObservation observation) {
        WatcherThreads.release();
        observation.enter(CheckpointPhase.REBUILD);
        try {
            agent.retransformer()
                    .makeResumable(outcome.records(), outcome.pins().isEmpty());
            Safepoint.goOn(outcome.records(), REBUILD_DEADLINE_NANOS);
        } catch (UnmodifiableClassException | IllegalStateException failure) {
            agent.log().error("the program's threads cannot go on after the checkpoint", failure);
        }
    }

    /** Threads of the JDK's own that touch objects of the program. */
    private static void holdThreadsOfJdk() throws ControlException {
        if (!WatcherThreads.hold(MOST_MILLIS_OF_JDK)) {
            throw new ControlException(
                    FailureCode.FAILED,
                    "cannot take a checkpoint: a WatchService has been at work on events for " + MOST_MILLIS_OF_JDK
                            + " ms; try again when fewer files change");
        }
    }

    /** What needs the threads to stand: the walk, and what is known of threads and files. */
    private Summaries write(
            ImageWriter writer,
            HeapSection heap,
            List<ClassPathEntry> classPath,
            List<ThreadRecord> threads,
            Map<String, String> devicesHeld,
            ProgramCodecs programCodecs,
            ProgressListener progress,
            CheckpointObservation observation)
            throws ControlException, IOException {
        observation.enter(CheckpointPhase.WRITE);
        progress.progress("write", -1);
        try (OutputStream frames = writer.section(FrameList.SECTION)) {
            FrameList.write(threads, frames);
        }
        HeapStatistics statistics;
        try (OutputStream head = writer.section(Images.HEAP_HEAD);
                OutputStream out = heap.output()) {
            statistics = writeHeap(threads, programCodecs, head, out);
        } catch (NotCapturableException refusal) {
            throw new ControlException(FailureCode.PINNED, String.valueOf(refusal.getMessage()), refusal);
        } catch (OutOfMemoryError full) {
            throw new ControlException(FailureCode.FAILED, NO_ROOM, full);
        }
        remembered.walked();
        lastHeapBytes = heap.bytes();
        walkMemory.walked(statistics.objects());
        compilation.walked(statistics.objects());
        requireWanted();
        return new Summaries(threads, classPath, devicesHeld, statistics);
    }

    private HeapStatistics writeHeap(
            List<ThreadRecord> threads, ProgramCodecs programCodecs, OutputStream head, OutputStream out)
            throws NotCapturableException, IOException {
        LoadedProgram program = agent.program();
        externals.get().refresh(program.all());
        if (!mayLibrariesForget()) {
            AllocatedMemory.requireNone();
        }
        ProgramState state = new ProgramState(
                threads,
                ThreadState.of(agent.mainThread()),
                JdkState.captureState(agent.options().capture().secrets()),
                agent.streams().capture(),
                Control.state(),
                ProgramClock.nanoTime(),
                NativeLibraries.capture(program.loaders(), ForeignCodecs::carries, mayLibrariesForget()));
        return HeapWriter.write(
                new HeapRoots(state.toGraph(), program.initialized()),
                program,
                externals.get(),
                codecs(program, programCodecs),
                new StackNames(),
                remembered.history(),
                head,
                out);
    }

    private ObjectCodecs codecs(LoadedProgram program, ProgramCodecs programCodecs) {
        List<ObjectCodec<?>> codecs = new ArrayList<>();
        codecs.add(programCodecs);
        codecs.add(new InstrumentationCodec(agent.instrumentation()));
        codecs.addAll(JdkCodecs.codecs(agent.filePolicy(), program.nameable()));
        codecs.addAll(ForeignMemoryCodecs.codecs(NativeLibraries.filesOf(program.loaders()), mayLibrariesForget()));
        codecs.addAll(ForeignCodecs.codecs());
        return new ObjectCodecs(JdkCodecs.resolvers(), codecs);
    }

    private boolean mayLibrariesForget() {
        return agent.options().capture().nativeLibraries() == NativePolicy.ALLOW;
    }

    private void requireWanted() throws ControlException {
        if (cancelled) {
            throw new ControlException(FailureCode.CANCELLED, CANCELLED);
        }
    }

    private static ControlException pinned(List<Pin> pins) {
        List<PinnedThread> threads = new ArrayList<>();
        for (Pin pin : pins) {
            String frame = pin.frame();
            threads.add(
                    new PinnedThread(pin.threadName(), pin.reason().name(), frame == null ? "" : frame, pin.remedy()));
        }
        Control.Refusal refusal = new Control.Refusal(NOT_ALL_CAPTURED, pins);
        ControlException failure =
                new ControlException(FailureCode.DEADLINE, String.valueOf(refusal.getMessage()), threads);
        failure.initCause(refusal);
        return failure;
    }

    private static ControlException storageFailure(IOException failure) {
        boolean full = failure instanceof ImageException image && image.problem() == ImageProblem.NO_SPACE;
        return new ControlException(
                full ? FailureCode.NO_SPACE : FailureCode.STORAGE,
                "cannot write the image: " + failure.getMessage(),
                failure);
    }
}
