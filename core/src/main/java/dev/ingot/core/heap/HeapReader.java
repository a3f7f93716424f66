package dev.ingot.core.heap;

import dev.ingot.core.jvm.IdentityHashes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a heap stream into objects again.
 *
 * <p>Overview. Objects are allocated as their shapes arrive and filled as their data arrives; shapes always come first. Classes
 * that live in class loaders of the program cannot be there before the loader is filled: their objects are left out at first,
 * references to them are noted, and their data is kept aside. After the last chunk, rounds of defining classes, allocating,
 * filling and setting noted references follow until nothing is left. Codecs come last.
 *
 * <p>The stream is not trusted: a damaged one ends in {@link ImageFormatException} or {@link NotRestorableException}. Every
 * reference is checked against the type of the variable it is stored in. Not thread-safe; reads once.
 */
public final class HeapReader {
    private final ChunkInput chunks;
    private final long length;
    private final int jdk;
    private final List<InitializedClass> initializedClasses;

    private HeapReader(ChunkInput chunks, long length, int jdk, List<InitializedClass> initializedClasses) {
        this.chunks = chunks;
        this.length = length;
        this.jdk = jdk;
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
        LaneInput header = new LaneInput(chunks.payload(), chunks.payloadOffset());
        if (header.fixed() != HeapStream.MAGIC) {
            throw header.damaged("it is not a heap stream");
        }
        int version = header.number();
        if (version != HeapStream.VERSION) {
            throw header.damaged(
                    "its format is version " + version + ", this Ingot reads version " + HeapStream.VERSION);
        }
        int jdk = header.number();
        List<InitializedClass> classes = new ArrayList<>();
        for (int left = header.count(10); left > 0; left--) {
            classes.add(new InitializedClass(header.text(), header.text()));
        }
        return new HeapReader(chunks, length, jdk, classes);
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
        RestoredObjects objects = new RestoredObjects(externals, codecs, listener, length);
        DataBytes data = new DataBytes(() -> nextData(objects));
        Filler filler = new Filler(data, objects);
        int root = readChunks(objects, data, filler);
        return new Completion(objects, filler, codecs, names).run(root);
    }

    private int readChunks(RestoredObjects objects, DataBytes data, Filler filler)
            throws IOException, NotRestorableException {
        chunks.next();
        while (chunks.kind() != HeapStream.END) {
            if (chunks.kind() == HeapStream.SHAPES) {
                parseShapes(objects);
            } else if (chunks.kind() == HeapStream.DATA) {
                data.offer(chunks.payload());
                filler.fillAvailable();
                if (!data.isEmpty()) {
                    throw chunks.damaged("there is data of no object");
                }
            } else {
                throw chunks.damaged("kind of chunk " + chunks.kind() + " does not exist");
            }
            chunks.next();
        }
        filler.fillAvailable();
        return readEnd(objects, filler);
    }

    private int readEnd(RestoredObjects objects, Filler filler) throws IOException {
        LaneInput end = new LaneInput(chunks.payload(), chunks.payloadOffset());
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

    /** The next chunk of data for an object whose data spans several; shapes on the way are dealt with. */
    private byte[] nextData(RestoredObjects objects) throws IOException, NotRestorableException {
        chunks.next();
        while (chunks.kind() == HeapStream.SHAPES) {
            parseShapes(objects);
            chunks.next();
        }
        if (chunks.kind() != HeapStream.DATA) {
            throw chunks.damaged("the data of an object has no end");
        }
        return chunks.payload();
    }

    private void parseShapes(RestoredObjects objects) throws IOException, NotRestorableException {
        objects.parse(new LaneInput(chunks.payload(), chunks.payloadOffset()));
    }
}
