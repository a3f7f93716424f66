package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a directory had in it, to tell later what has changed. */
final class DirectorySnapshot {
    /** Looking at more takes longer than a program should stand still. */
    private static final int MOST_ENTRIES = 1_000;

    private DirectorySnapshot() {}

    /** The entries by name with what tells versions of each apart, as an array for the graph of an image; null if they cannot be told. */
    static Object @Nullable [] of(Path directory) {
        Map<String, Long> entries = entries(directory);
        if (entries == null) {
            return null;
        }
        String[] names = entries.keySet().toArray(String[]::new);
        long[] versions = entries.values().stream().mapToLong(Long::longValue).toArray();
        return new Object[] {names, versions};
    }

    /** What has happened since, in the order of names; that something may have if it cannot be told. */
    static List<WatchServices.Change> changesSince(Object @Nullable [] snapshot, Path directory) {
        Map<String, Long> now = entries(directory);
        List<WatchServices.Change> changes = new ArrayList<>();
        if (snapshot == null || now == null) {
            changes.add(new WatchServices.Change(StandardWatchEventKinds.OVERFLOW, null));
            return changes;
        }
        String[] names = (String[]) snapshot[0];
        long[] versions = (long[]) snapshot[1];
        for (int index = 0; index < names.length; index++) {
            Long version = now.remove(names[index]);
            if (version == null) {
                add(changes, StandardWatchEventKinds.ENTRY_DELETE, directory, names[index]);
            } else if (version != versions[index]) {
                add(changes, StandardWatchEventKinds.ENTRY_MODIFY, directory, names[index]);
            }
        }
        for (String name : now.keySet()) {
            add(changes, StandardWatchEventKinds.ENTRY_CREATE, directory, name);
        }
        return changes;
    }

    private static void add(List<WatchServices.Change> changes, WatchEvent.Kind<?> kind, Path directory, String name) {
        changes.add(new WatchServices.Change(kind, directory.getFileSystem().getPath(name)));
    }

    /** The entries with their versions; none if there is no such directory, null if they are too many or cannot all be read. */
    private static @Nullable Map<String, Long> entries(Path directory) {
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
            return entries(listing);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return new TreeMap<>();
        } catch (IOException | DirectoryIteratorException unreadable) {
            return null;
        }
    }

    /** Without those that others delete while the directory is listed; null if they are too many. */
    static @Nullable Map<String, Long> entries(Iterable<Path> listing) throws IOException {
        Map<String, Long> entries = new TreeMap<>();
        for (Path entry : listing) {
            if (entries.size() == MOST_ENTRIES) {
                return null;
            }
            Long version = versionIfThere(entry);
            if (version != null) {
                entries.put(entry.getFileName().toString(), version);
            }
        }
        return entries;
    }

    private static @Nullable Long versionIfThere(Path entry) throws IOException {
        try {
            return version(entry);
        } catch (NoSuchFileException vanished) {
            return null;
        }
    }

    private static long version(Path entry) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) * 31 + attributes.size();
    }
}
