package dev.ingot.core.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Images to test with. */
final class SampleImages {
    static final String NAME = "sample";
    static final Map<String, byte[]> SMALL = Map.of(
            "heap", "objects of a program ".repeat(20).getBytes(StandardCharsets.UTF_8),
            "threads", new byte[] {1, 2, 3},
            "empty", new byte[0]);

    private SampleImages() {}

    static ProcessDescription process() {
        return new ProcessDescription(
                4711,
                Instant.parse("2025-01-02T03:04:05Z"),
                new JdkDescription("17.0.15", "Somebody", "/opt/jdk"),
                "Linux",
                "amd64",
                List.of(
                        "-Xmx1g",
                        "-javaagent:/lib/ingot-agent.jar=every=30s",
                        "-cp",
                        "a b.jar",
                        "com.example.Main",
                        "x\ny"),
                Map.of("CLASSPATH", "/none"),
                "/work dir",
                "com.example.Main");
    }

    static ImageDescription description() {
        return new ImageDescription(NAME, null, "0.1", "w1", process(), 0);
    }

    static ImageContents contents() {
        return new ImageContents(
                List.of(new ThreadSummary(
                        "main \"quoted\"", "RUNNABLE", false, List.of("a.B.c(B.java:1)", "a.B.main(B.java:2)"))),
                List.of(new ClassPathEntry("a b.jar", 12, Instant.parse("2024-01-01T00:00:00Z"), null)),
                List.of(new OpenFile("/tmp/out", "a", 5, 5)),
                List.of(new OpenSocket("tcp-listen", "0.0.0.0:80", "")),
                Map.of("user.name", "ümläut \ud83d\ude00"),
                new HeapStatistics(3, 99, List.of(new ClassCount("[B", 2, 80)), List.of(new RootCount("static", 1))),
                Map.of());
    }

    static ImageHandle write(ImageStore store, Map<String, byte[]> sections) throws IOException {
        try (ImageWriter writer = store.begin(description())) {
            for (Map.Entry<String, byte[]> section : sections.entrySet()) {
                try (OutputStream out = writer.section(section.getKey())) {
                    out.write(section.getValue());
                }
            }
            return writer.commit(contents());
        }
    }

    static ImageStore storeOn(Path directory, Disk disk) {
        return new ImageStore(directory, disk, Clock.systemUTC(), Thread::new, ImageKeys.NONE);
    }

    /** Bytes that compress a little. */
    static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(32);
        }
        return bytes;
    }

    /** Deletes all but the newest so many images, and returns what is gone. */
    static List<Path> prune(ImageStore store, int keep) throws IOException {
        List<Path> condemned = store.condemned(List.of(NAME), Retention.newest(keep), Long.MAX_VALUE);
        for (Path image : condemned) {
            store.delete(image);
        }
        return condemned;
    }
}
