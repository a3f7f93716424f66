package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.ClassUsage;
import dev.ingot.core.image.ClassCount;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.HeapStatistics;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.OpenFile;
import dev.ingot.core.image.ThreadSummary;
import dev.ingot.core.jdk.io.OpenResources;
import dev.ingot.runtime.FrameRecord;
import dev.ingot.runtime.Safepoint;
import dev.ingot.runtime.ThreadRecord;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/** What the manifest tells people about an image, taken down while threads stand and put together when they need not any more. */
final class Summaries {
    private static final int TOP_CLASSES = 50;
    private static final Pattern WRITTEN = Pattern.compile("/[.]writing-[^/]+/[^/]+$");

    private final List<ThreadSummary> threads = new ArrayList<>();
    private final List<ClassPathEntry> classPath;
    private final OpenResources open;
    private final Map<String, String> notes;
    private final dev.ingot.core.heap.HeapStatistics heap;
    private long stackBytes;

    /**
     * Describes what a writer has written.
     *
     * @param notes what accelerators hold
     * @param classPath as {@link #classPath} gave it, which takes too long for a program that stands still
     */
    Summaries(
            List<ThreadRecord> stopped,
            List<ClassPathEntry> classPath,
            Map<String, String> notes,
            dev.ingot.core.heap.HeapStatistics heap)
            throws IOException {
        this.open = OpenResources.ofThisProcess();
        for (ThreadRecord thread : stopped) {
            threads.add(summaryOf(thread));
            stackBytes = Math.max(stackBytes, Safepoint.bytesToRebuild(thread));
        }
        this.classPath = classPath;
        this.notes = notes;
        this.heap = heap;
    }

    /** About how many bytes the frames of the deepest stack take when they are rebuilt. */
    long stackBytes() {
        return stackBytes;
    }

    ImageContents contents() {
        List<ClassCount> top = new ArrayList<>();
        for (ClassUsage usage : heap.topByBytes(TOP_CLASSES)) {
            top.add(new ClassCount(usage.className(), usage.objects(), usage.bytes()));
        }
        return new ImageContents(
                threads,
                classPath,
                open.files().stream().filter(Summaries::isOfProgram).toList(),
                open.sockets(),
                properties(),
                new HeapStatistics(heap.objects(), heap.bytes(), top, List.of()),
                notes);
    }

    private static ThreadSummary summaryOf(ThreadRecord thread) {
        List<String> stack = new ArrayList<>();
        FrameRecord[] frames = thread.frames();
        for (int i = frames.length - 1; i >= 0; i--) {
            stack.add(lineOf(frames[i]));
        }
        return new ThreadSummary(
                thread.thread().getName(), thread.state(), thread.thread().isDaemon(), stack);
    }

    static String lineOf(FrameRecord frame) {
        String method = frame.method();
        String name = method.substring(0, method.indexOf('('));
        String owner = frame.hasOwner() ? frame.owner().getName() : "a class that this JDK lacks";
        return owner + "." + name + (frame.line() < 0 ? "" : ":" + frame.line());
    }

    /** Not the JVM's own files, nor Ingot's jar, nor the image that is being written. */
    private static boolean isOfProgram(OpenFile file) {
        return !file.path().startsWith(System.getProperty("java.home", "") + "/")
                && !file.path().equals(String.valueOf(AgentJar.path()))
                && !WRITTEN.matcher(file.path()).find();
    }

    /** The entries of the class path as they are now. */
    static List<ClassPathEntry> classPath() throws IOException {
        List<ClassPathEntry> entries = new ArrayList<>();
        String classPath = System.getProperty("java.class.path", "");
        for (StringTokenizer rest = new StringTokenizer(classPath, File.pathSeparator); rest.hasMoreTokens(); ) {
            Path path = Path.of(rest.nextToken()).toAbsolutePath().normalize();
            if (path.toFile().exists()) {
                entries.add(ClassPathEntry.of(path).withHash());
            }
        }
        return entries;
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : List.of("java.version", "java.vm.name", "os.name", "os.arch", "user.dir", "file.encoding")) {
            properties.put(name, System.getProperty(name, ""));
        }
        return properties;
    }
}
