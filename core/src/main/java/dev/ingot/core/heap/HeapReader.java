package dev.ingot.core.heap;

import dev.ingot.core.jvm.IdentityHashes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

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
 */
public final class HeapReader {
    private final ChunkInput chunks;
    private final long length;
    private final int jdk;
    private final int segments;
    private final List<InitializedClass> initializedClasses;

    private HeapReader(
            ChunkInput chunks, long length, int jdk, int segments, List<InitializedClass> initializedClasses) {
        this.chunks = chunks;
        this.length = length;
        this.jdk = jdk;
        this.segments = segments;
        this.initializedClasses = List.copyOf(initializedClasses);
    }

    /**
     * Reads the head of a stream; loads no class.
     *
     * @param length bytes of the whole stream; bounds what is allocated on its word
     */
    public static HeapReader open(InputStream in, long length) throws IOException {
        ChunkInput chunks = new ChunkInput(in);
        chunks.next();
        if (chunks.kind() != HeapStream.HEADER) {
            throw chunks.damaged("it does not start with a header");
        }
        LaneInput header = chunks.payload();
        if (header.fixed() != HeapStream.MAGIC) {
            throw header.damaged("it is not a heap stream");
        }
        int version = header.number();
        if (version != HeapStream.VERSION) {
            throw header.damaged(
                    "its format is version " + version + ", this Ingot reads version " + HeapStream.VERSION);
        }
        int jdk = header.number();
        int segments = header.number();
        List<InitializedClass> classes = new ArrayList<>();
        for (int left = header.count(10); left > 0; left--) {
            classes.add(new InitializedClass(header.text(), header.text()));
        }
        return new HeapReader(chunks, length, jdk, segments, classes);
    }

    /** The feature version of the JDK the image was taken on. */
    public int jdk() {
        return jdk;
    }

    /** The classes whose static initialisers have run; to be kept from running again before {@link #read}. */
    public List<InitializedClass> initializedClasses() {
        return initializedClasses;
    }

    /**
     * Loads the classes, makes the objects and sets the static fields.
     *
     * @throws NotRestorableException if this JVM lacks something; the message names it and how it is reached
     * @throws IOException if the stream fails or, as {@link ImageFormatException}, is damaged
     */
    public RestoredHeap read(ExternalObjects externals, ObjectCodecs codecs, RestoreListener listener, PathNames names)
            throws IOException, NotRestorableException {
        RestoredObjects objects = new RestoredObjects(
                externals, codecs, new NamedClasses(initializedClasses, listener), listener, length);
        Filler filler = new Filler(objects);
        int root = 0;
        for (int segment = 1; segment <= segments; segment++) {
            readBegin(objects, segment == segments);
            root = readSegment(objects, filler);
        }
        if (root == 0 || objects.isGone(root)) {
            throw chunks.damaged("it has no root");
        }
        return new Completion(objects, filler, codecs, names).run(root);
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
    private int readSegment(RestoredObjects objects, Filler filler) throws IOException, NotRestorableException {
        chunks.next();
        while (chunks.kind() != HeapStream.END) {
            LaneInput payload = chunks.payload();
            switch (chunks.kind()) {
                case HeapStream.SHAPES -> objects.parse(payload);
                case HeapStream.DATA -> filler.fill(payload);
                case HeapStream.PART -> filler.fillPart(payload);
                case HeapStream.GONE -> objects.remove(payload);
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
