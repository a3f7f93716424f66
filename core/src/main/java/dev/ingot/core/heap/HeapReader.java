package dev.ingot.core.heap;

import dev.ingot.core.jvm.IdentityHashes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a heap stream into objects again.
 *
 * <p>Overview. A stream has one segment or several, each of which says what has changed since the one before. Objects are allocated
 * as their shapes arrive and filled as their data arrives; shapes always come first, and data that come again replace those
 * before. Classes that live in class loaders of the program cannot be there before the loader is filled: their objects are left
 * out at first, references to them are noted, and their data is kept aside. After the last chunk, rounds of defining classes,
 * allocating, filling and setting noted references follow until nothing is left. Codecs come last.
 *
 * <p>The stream is not trusted: a damaged one ends in {@link ImageFormatException} or {@link NotRestorableException}. Every
 * reference is checked against the type of the variable it is stored in. Not thread-safe; reads once.
 *
 * <p>A stream of which more is to come can be {@linkplain #readAhead read ahead}, so that little is left to do once the rest is there.
 */
public final class HeapReader {
    private final long length;
    private ChunkInput chunks;
    private Head head;
    private @Nullable Reading reading;
    private int segmentsRead;
    private int root;
    private boolean remembers;

    private HeapReader(ChunkInput chunks, long length, Head head) {
        this.chunks = chunks;
        this.length = length;
        this.head = head;
    }

    private record Head(int jdk, int segments, List<InitializedClass> initializedClasses, List<ClassHash> hashes) {
        Head {
            initializedClasses = List.copyOf(initializedClasses);
            hashes = List.copyOf(hashes);
        }

        static Head read(ChunkInput chunks) throws IOException {
            chunks.next();
            if (chunks.kind() != HeapStream.HEADER) {
                throw chunks.damaged("it does not start with a header");
            }
            LaneInput header = chunks.payload();
            if (header.fixed() != HeapStream.MAGIC) {
                throw header.damaged("it is not a heap stream");
            }
            int version = header.number();
            if (version < HeapStream.OLDEST_VERSION || version > HeapStream.VERSION) {
                throw header.damaged("its format is version " + version + ", this Ingot reads versions "
                        + HeapStream.OLDEST_VERSION + " to " + HeapStream.VERSION);
            }
            int jdk = header.number();
            int segments = header.number();
            List<InitializedClass> classes = new ArrayList<>();
            for (int left = header.count(10); left > 0; left--) {
                classes.add(new InitializedClass(header.text(), header.text()));
            }
            List<ClassHash> hashes = new ArrayList<>();
            for (int left = header.count(ClassHash.LEAST_BYTES); left > 0; left--) {
                hashes.add(ClassHash.read(header));
            }
            return new Head(jdk, segments, classes, hashes);
        }
    }

    /** What has come to be so far, and who helps. */
    private record Reading(
            ObjectCodecs codecs,
            NamedClasses named,
            RestoredObjects objects,
            Filler filler,
            ReadPrints prints,
            RestoreListener listener) {}

    /**
     * Reads the head of a stream and not a byte more; loads no class.
     *
     * @param length bytes of the whole stream; bounds what is allocated on its word
     */
    public static HeapReader open(InputStream in, long length) throws IOException {
        ChunkInput chunks = new ChunkInput(in);
        return new HeapReader(chunks, length, Head.read(chunks));
    }

    /** The feature version of the JDK the image was taken on. */
    public int jdk() {
        return head.jdk;
    }

    /** The classes whose static initialisers have run; to be kept from running again before {@link #read}. */
    public List<InitializedClass> initializedClasses() {
        return head.initializedClasses;
    }

    /** Lets {@link #history} be asked for; before anything is read. It takes time and memory for each object. */
    public void remember() {
        remembers = true;
    }

    /**
     * After everything was read, what images of this JVM need to know to go on the one that was read; null if they cannot. To be asked
     * for once, before anything is done with the objects.
     *
     * @throws IllegalStateException if nothing was {@linkplain #remember remembered}
     */
    public @Nullable HeapHistory history() {
        Reading read = Objects.requireNonNull(reading, "nothing was read");
        if (!remembers) {
            throw new IllegalStateException("nothing was remembered");
        }
        return new ReadHistory(read.objects, read.named, read.prints).make(segmentsRead);
    }

    /**
     * Loads the classes, makes the objects and sets the static fields.
     *
     * @throws NotRestorableException if this JVM lacks something; the message names it and how it is reached
     * @throws IOException if the stream fails or, as {@link ImageFormatException}, is damaged
     */
    public RestoredHeap read(ExternalObjects externals, ObjectCodecs codecs, RestoreListener listener, PathNames names)
            throws IOException, NotRestorableException {
        return complete(readSegments(begin(externals, codecs, listener), true), names);
    }

    /**
     * Does what can be done of {@link #read} while later segments are still to come: no codec runs yet, and nothing outside the objects
     * of the heap and the classes is touched. Whoever gives up then has to give up this JVM. {@link #goOn} follows.
     */
    public void readAhead(ExternalObjects externals, ObjectCodecs codecs, RestoreListener listener)
            throws IOException, NotRestorableException {
        Reading unused = readSegments(begin(externals, codecs, listener), false);
    }

    /**
     * Takes over another stream, which begins with the segments that were read ahead; loads no class.
     *
     * @param in the other stream without these segments
     * @param more how many bytes it has that were not in the stream before
     */
    public void goOn(InputStream in, long more) throws IOException {
        Reading begun = Objects.requireNonNull(reading, "nothing was read ahead");
        chunks = new ChunkInput(in);
        Head longer = Head.read(chunks);
        if (longer.jdk != head.jdk || longer.segments <= segmentsRead) {
            throw chunks.damaged("it does not go on where the one before it ended");
        }
        head = longer;
        begun.named.add(longer.initializedClasses);
        begun.objects.allow(more);
    }

    /** Reads what was not read ahead, and does the rest of {@link #read}. */
    public RestoredHeap readRest(PathNames names) throws IOException, NotRestorableException {
        Reading begun = Objects.requireNonNull(reading, "nothing was read ahead");
        giveHashes(begun);
        return complete(readSegments(begun, true), names);
    }

    private Reading begin(ExternalObjects externals, ObjectCodecs codecs, RestoreListener listener) {
        NamedClasses named = new NamedClasses(head.initializedClasses, listener);
        ReadPrints prints = remembers ? ReadPrints.kept() : ReadPrints.none();
        RestoredObjects objects = new RestoredObjects(
                externals,
                codecs,
                named,
                listener,
                prints,
                head.jdk != Runtime.version().feature(),
                length);
        Reading begun = new Reading(codecs, named, objects, new Filler(objects, prints, listener), prints, listener);
        reading = begun;
        giveHashes(begun);
        return begun;
    }

    /** Before any byte of a segment is asked for: a stream may have a thread of its own from there on. */
    private void giveHashes(Reading begun) {
        if (!begun.listener.mayReplaceHashes()) {
            return;
        }
        List<Class<?>> kept = new ArrayList<>();
        begun.listener.alone(() -> kept.addAll(ClassHash.giveAll(head.hashes)));
        if (!kept.isEmpty()) {
            begun.objects
                    .warnings()
                    .add("this JVM does not let go of the identity hash codes of " + kept.size() + " classes, "
                            + kept.get(0).getName()
                            + " among them, which are others than in the image; hash tables of the program's own that are keyed by"
                            + " these classes may not find their entries");
        }
    }

    private Reading readSegments(Reading begun, boolean toTheEnd) throws IOException, NotRestorableException {
        while (segmentsRead < head.segments) {
            segmentsRead++;
            readBegin(begun.objects, toTheEnd && segmentsRead == head.segments);
            root = readSegment(begun);
        }
        return begun;
    }

    private RestoredHeap complete(Reading read, PathNames names) throws IOException, NotRestorableException {
        if (root == 0 || read.objects.isGone(root)) {
            throw chunks.damaged("it has no root");
        }
        RestoredObjects objects = read.objects;
        RestoringLoaders loaders =
                RestoringLoaders.answering(objects.classes(), objects.resolutions(), read.named, read.listener);
        try {
            return new Completion(objects, read.filler, read.codecs, names).run(root);
        } finally {
            loaders.askAgain();
        }
    }

    private void readBegin(RestoredObjects objects, boolean isLast) throws IOException {
        chunks.next();
        if (chunks.kind() != HeapStream.BEGIN) {
            throw chunks.damaged("a segment does not begin where it should");
        }
        LaneInput begin = chunks.payload();
        int count = begin.number();
        if (count != objects.count()) {
            throw begin.damaged("a segment follows one with " + count + " objects, but there are " + objects.count());
        }
        // What the last walk gave to objects nobody can have seen.
        objects.beginSegment(begin.number(), !isLast);
    }

    /** The id of the root. */
    private int readSegment(Reading begun) throws IOException, NotRestorableException {
        RestoredObjects objects = begun.objects;
        Filler filler = begun.filler;
        chunks.next();
        while (chunks.kind() != HeapStream.END) {
            LaneInput payload = chunks.payload();
            begun.prints.chunk(payload.left());
            switch (chunks.kind()) {
                case HeapStream.SHAPES -> objects.parse(payload);
                case HeapStream.DATA -> filler.fill(payload);
                case HeapStream.PART -> filler.fillPart(payload);
                case HeapStream.GONE -> objects.remove(payload);
                case HeapStream.RESOLUTIONS -> objects.resolutions().read(payload);
                default -> throw chunks.damaged("kind of chunk " + chunks.kind() + " does not exist");
            }
            chunks.next();
        }
        return readEnd(objects, filler);
    }

    private int readEnd(RestoredObjects objects, Filler filler) throws IOException {
        LaneInput end = chunks.payload();
        int count = end.number();
        int root = end.number();
        if (count != objects.count() || !filler.isDone()) {
            throw end.damaged(objects.count() + " of " + count + " objects are there, or their data is not");
        }
        if (root == 0 || root > count) {
            throw end.damaged("the root, object " + root + ", does not exist");
        }
        IdentityHashes.handOutUpTo(end.number());
        return root;
    }
}
