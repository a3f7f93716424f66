package dev.ingot.core.image;

import java.util.List;
import java.util.Map;

/**
 * What is known of an image once its sections are written; people read it, a resume does not depend on it.
 *
 * @param properties system properties worth showing
 * @param notes anything else, by key
 */
public record ImageContents(
        List<ThreadSummary> threads,
        List<ClassPathEntry> classPath,
        List<OpenFile> files,
        List<OpenSocket> sockets,
        Map<String, String> properties,
        HeapStatistics heap,
        Map<String, String> notes) {
    /** The note that describes the devices of an image as plain data, for who plans where it could go on. */
    public static final String DEVICES_NOTE = "devices";

    /** Nothing. */
    public static final ImageContents EMPTY =
            new ImageContents(List.of(), List.of(), List.of(), List.of(), Map.of(), HeapStatistics.EMPTY, Map.of());

    public ImageContents {
        threads = List.copyOf(threads);
        classPath = List.copyOf(classPath);
        files = List.copyOf(files);
        sockets = List.copyOf(sockets);
        properties = Map.copyOf(properties);
        notes = Map.copyOf(notes);
    }
}
