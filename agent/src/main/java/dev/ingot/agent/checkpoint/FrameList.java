package dev.ingot.agent.checkpoint;

import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.runtime.FrameRecord;
import dev.ingot.runtime.ThreadRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The image section that names the methods on the stacks. A resume reads it before any class of the program is loaded, so
 * that these methods are woven with an entry switch at once.
 */
final class FrameList {
    static final String SECTION = "frames";

    private static final int MOST_METHODS = 1 << 20;
    /** A few bytes of an image can stand for very many, so the number of methods alone bounds nothing. */
    private static final long MOST_CHARACTERS = 1 << 26;

    /**
     * A method on a stack.
     *
     * @param className with dots
     * @param method name and descriptor, or {@link WeaveRequest#PLACEHOLDER} for the superclass of a class whose constructor is
     *     on a stack
     */
    record Entry(String className, String method) {}

    private FrameList() {}

    static void write(List<ThreadRecord> threads, OutputStream out) throws IOException {
        // Not a set of entries: a record's hash code is linked when it is asked for first, which takes tens of
        // milliseconds, and the
        // threads stand.
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        for (ThreadRecord thread : threads) {
            for (FrameRecord frame : thread.frames()) {
                if (!frame.owner().isHidden()) {
                    add(methods, frame.owner(), frame.method());
                }
                for (Class<?> above : frame.superclassesOfConstruction()) {
                    add(methods, above, WeaveRequest.PLACEHOLDER);
                }
            }
        }
        DataOutputStream data = new DataOutputStream(out);
        int count = 0;
        for (Set<String> ofClass : methods.values()) {
            count += ofClass.size();
        }
        data.writeInt(count);
        for (Map.Entry<String, Set<String>> ofClass : methods.entrySet()) {
            for (String method : ofClass.getValue()) {
                data.writeUTF(ofClass.getKey());
                data.writeUTF(method);
            }
        }
        data.flush();
    }

    private static void add(Map<String, Set<String>> methods, Class<?> owner, String method) {
        methods.computeIfAbsent(owner.getName(), unused -> new LinkedHashSet<>())
                .add(method);
    }

    /** @throws IOException if the section is damaged */
    static List<Entry> read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int count = data.readInt();
        if (count < 0 || count > MOST_METHODS) {
            throw new IOException("the image names " + count + " methods on its stacks; at most " + MOST_METHODS
                    + " are possible, so the image is damaged");
        }
        List<Entry> entries = new ArrayList<>();
        long characters = 0;
        for (int i = 0; i < count; i++) {
            Entry entry = new Entry(data.readUTF(), data.readUTF());
            characters += entry.className.length() + entry.method.length();
            if (characters > MOST_CHARACTERS) {
                throw new IOException("the image's names of methods have more than " + MOST_CHARACTERS
                        + " characters, so it is damaged");
            }
            entries.add(entry);
        }
        return entries;
    }
}
