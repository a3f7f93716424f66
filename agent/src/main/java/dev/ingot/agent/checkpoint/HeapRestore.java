package dev.ingot.agent.checkpoint;

import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.agent.transform.Coordination;
import dev.ingot.core.foreign.ForeignCodecs;
import dev.ingot.core.handover.ReadAhead;
import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.heap.HeapReader;
import dev.ingot.core.heap.InitializedClass;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.heap.RestoreListener;
import dev.ingot.core.heap.RestoredHeap;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.jdk.JdkCodecs;
import dev.ingot.core.jdk.foreign.ForeignMemoryCodecs;
import dev.ingot.core.jdk.logging.OwnLogManager;
import dev.ingot.core.library.ProgramCodecs;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the heap of the image that this JVM resumes, in one go or, of a series, what is there first and the rest later. */
final class HeapRestore {
    private static final long LARGE_IMAGE_BYTES = 4L << 20;

    private final AgentContext agent;
    private final Externals externals;
    private final CheckpointService checkpoints;
    private final Initialisers initialisers = new Initialisers();
    private @Nullable ImageHandle ahead;
    private @Nullable HeapReader reader;
    private boolean remembers;

    HeapRestore(AgentContext agent, Externals externals, CheckpointService checkpoints) {
        this.agent = agent;
        this.externals = externals;
        this.checkpoints = checkpoints;
    }

    /** Reads an image on which the one goes that is resumed; no other can be resumed any more. */
    void ahead(ImageHandle image) throws NotRestorableException, IOException {
        try (InputStream stream = heapSection(image, image.series(Images.HEAP), image.seriesBytes())) {
            HeapReader begun = open(image, stream);
            begun.readAhead(externals.get(), codecs(), initialisers);
            ahead = image;
        }
    }

    /** Reads the image that is resumed, or what it has beyond the one that was read ahead. */
    ProgramState read(ImageHandle image) throws NotRestorableException, IOException {
        RestoredHeap heap = ahead == null || reader == null ? readWhole(image) : readRest(reader, ahead, image);
        agent.transformer().imageEnds();
        for (String warning : heap.warnings()) {
            agent.log().warn(warning);
        }
        try {
            return ProgramState.fromGraph(heap.root())
                    .onThisJdk(Objects.requireNonNull(reader).jdk());
        } catch (ClassCastException | ArrayIndexOutOfBoundsException | NullPointerException e) {
            throw new IOException("the root of the image's heap has another form than this Ingot writes", e);
        }
    }

    private RestoredHeap readWhole(ImageHandle image) throws NotRestorableException, IOException {
        try (InputStream stream = heapSection(image, image.series(Images.HEAP), image.seriesBytes())) {
            return open(image, stream).read(externals.get(), codecs(), initialisers, new StackNames());
        }
    }

    private RestoredHeap readRest(HeapReader begun, ImageHandle before, ImageHandle image)
            throws NotRestorableException, IOException {
        if (!image.goesOn(before)) {
            throw new NotRestorableException("cannot resume " + image.directory() + ": this JVM has read "
                    + before.directory() + ", which the image does not go on; resume it in a fresh JVM");
        }
        long more = image.seriesBytes() - before.seriesBytes();
        try (InputStream stream = heapSection(image, image.seriesBehind(before, Images.HEAP), more)) {
            begun.goOn(stream, more);
            know(begun.initializedClasses());
            return begun.readRest(new StackNames());
        }
    }

    /** Decompression of what is worth a thread runs ahead of the making of objects, but not while the head is read. */
    private static InputStream heapSection(ImageHandle image, InputStream segments, long length) throws IOException {
        InputStream behind = length < LARGE_IMAGE_BYTES
                ? segments
                : ReadAhead.of(segments, new AgentThreads.Factory("image reader"));
        return new SequenceInputStream(image.section(Images.HEAP_HEAD), behind);
    }

    private HeapReader open(ImageHandle image, InputStream stream) throws NotRestorableException, IOException {
        HeapReader opened = HeapReader.open(stream, image.seriesBytes());
        agent.transformer().imageBegins();
        if (checkpoints.wantToGoOn(image.manifest().contents().heap().objects())) {
            opened.remember();
            remembers = true;
        }
        know(opened.initializedClasses());
        reader = opened;
        return opened;
    }

    /** What the next image needs to know to go on the one that was read; null if it is to be a whole one. To be asked for once. */
    @Nullable HeapHistory history() {
        return remembers && reader != null ? reader.history() : null;
    }

    /** No initialiser of these runs, also not of those that were loaded already because earlier segments name them. */
    private void know(List<InitializedClass> classes) throws NotRestorableException {
        prepareFor(classes);
        Set<String> fresh = initialisers.know(classes);
        if (ahead != null && !fresh.isEmpty()) {
            try {
                agent.retransformer().weaveAllAgain(fresh);
            } catch (UnmodifiableClassException e) {
                throw new NotRestorableException("cannot resume: a class cannot be woven again", e);
            }
        }
    }

    private ObjectCodecs codecs() {
        List<ObjectCodec<?>> codecs = new ArrayList<>();
        codecs.add(new InstrumentationCodec(agent.instrumentation()));
        codecs.addAll(JdkCodecs.codecs(agent.filePolicy()));
        codecs.addAll(ForeignMemoryCodecs.codecs(Set.of(), true));
        codecs.addAll(ForeignCodecs.codecs());
        codecs.addAll(JdkCodecs.ofImage());
        codecs.add(ProgramCodecs.ofImage());
        return new ObjectCodecs(JdkCodecs.resolvers(), codecs);
    }

    private void prepareFor(List<InitializedClass> classes) {
        String logManager = OwnLogManager.className();
        for (InitializedClass type : classes) {
            if (type.name().equals(logManager)) {
                OwnLogManager.holdBack();
            }
            if (Coordination.isNeededBy(type.name())) {
                agent.coordination().plant();
            }
        }
    }

    /** Keeps the initialisers of the image's classes from running again. */
    private final class Initialisers implements RestoreListener {
        private final Map<String, Set<String>> byLoader = new HashMap<>();
        private final Map<String, @Nullable ClassLoader> loaders = new HashMap<>();

        Initialisers() {
            loaders.put("boot", null);
            loaders.put("platform", ClassLoader.getPlatformClassLoader());
            loaders.put("app", ClassLoader.getSystemClassLoader());
        }

        /** The names of those that were not known before. */
        Set<String> know(List<InitializedClass> classes) {
            Set<String> fresh = new HashSet<>();
            for (InitializedClass type : classes) {
                boolean added = byLoader.computeIfAbsent(type.loaderKey(), key -> new HashSet<>())
                        .add(type.name());
                if (added && loaders.containsKey(type.loaderKey())) {
                    agent.initialized().add(loaders.get(type.loaderKey()), type.name());
                    fresh.add(type.name());
                }
            }
            return fresh;
        }

        @Override
        public boolean mayReplaceHashes() {
            return true;
        }

        @Override
        public void alone(Runnable task) {
            agent.transformer().runApart(task);
        }

        @Override
        public boolean initializesItself(Class<?> type) {
            return !LoadedProgram.isOwn(type);
        }

        @Override
        public boolean worksMeanwhile(Class<?> type) {
            return agent.transformer().isOfOtherAgent(type);
        }

        @Override
        public void definingClasses() {
            agent.retransformer().weaveLoader();
        }

        @Override
        public void loaderRestored(String key, ClassLoader loader) {
            loaders.put(key, loader);
            for (String name : byLoader.getOrDefault(key, Set.of())) {
                agent.initialized().add(loader, name);
            }
        }
    }
}
