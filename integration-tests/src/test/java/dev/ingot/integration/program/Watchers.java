package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** Sees by a watch service what another of its threads does to a directory. */
public final class Watchers {
    private Watchers() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("watched");
        try (WatchService watch = directory.getFileSystem().newWatchService()) {
            directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
            Thread writer = new Thread(() -> write(directory), "writer");
            writer.start();
            int seen = 0;
            while (seen < 2 * Pace.ROUNDS) {
                WatchKey key = watch.take();
                for (WatchEvent<?> event : key.pollEvents()) {
                    System.out.println(event.kind() + " " + event.context() + " " + event.count());
                    seen++;
                }
                key.reset();
            }
            writer.join();
        }
        Files.delete(directory);
        System.out.println("nothing is watched any more");
    }

    private static void write(Path directory) {
        try {
            for (int round = 0; round < Pace.ROUNDS; round++) {
                Path file = Files.createFile(directory.resolve("file-" + round));
                Pace.step();
                Files.delete(file);
                Pace.step();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
