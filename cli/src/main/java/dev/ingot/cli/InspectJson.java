package dev.ingot.cli;

import dev.ingot.core.image.ClassCount;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.Manifest;
import dev.ingot.core.image.OpenFile;
import dev.ingot.core.image.OpenSocket;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.image.RootCount;
import dev.ingot.core.image.SectionEntry;
import dev.ingot.core.image.ThreadSummary;
import dev.ingot.core.json.JsonWriter;
import java.util.Set;

/** The report of {@code inspect} as JSON. */
final class InspectJson {
    private final JsonWriter json = JsonWriter.indented();
    private final ImageHandle image;

    private InspectJson(ImageHandle image) {
        this.image = image;
    }

    static String of(ImageHandle image, Set<InspectCommand.Part> parts) {
        InspectJson report = new InspectJson(image);
        parts.forEach(report::write);
        return report.json.finish();
    }

    private void write(InspectCommand.Part part) {
        ImageContents contents = image.manifest().contents();
        switch (part) {
            case SUMMARY -> summary(image.manifest());
            case THREADS -> threads(contents);
            case HEAP -> heap(contents);
            case FILES -> files(contents);
            case SOCKETS -> sockets(contents);
            case CLASSPATH -> classPath(contents);
            case PROPERTIES -> json.member("properties", Secrets.masked(contents.properties()));
            case SECTIONS -> sections(image.manifest());
        }
    }

    private void summary(Manifest manifest) {
        ProcessDescription process = manifest.process();
        json.member("directory", image.directory().toString())
                .member("id", manifest.id())
                .member("name", manifest.name())
                .member("sequence", manifest.sequence())
                .member("parent", manifest.parent())
                .member("created", manifest.created().toString())
                .member("ingotVersion", manifest.ingotVersion())
                .member("format", manifest.format().toString())
                .member("storedBytes", manifest.packBytes())
                .member("plainBytes", manifest.plainBytes())
                .object("process")
                .member("pid", process.pid())
                .member("started", process.started().toString())
                .member("main", process.main())
                .member("workingDirectory", process.workingDirectory())
                .member("arguments", Secrets.masked(process.arguments()))
                .member("environment", Secrets.masked(process.environment()))
                .member("javaVersion", process.jdk().version())
                .member("javaVendor", process.jdk().vendor())
                .member("javaHome", process.jdk().home())
                .member("os", process.os())
                .member("arch", process.arch())
                .end()
                .member("notes", manifest.contents().notes());
    }

    private void threads(ImageContents contents) {
        json.list("threads");
        for (ThreadSummary thread : contents.threads()) {
            json.element()
                    .member("name", thread.name())
                    .member("state", thread.state())
                    .member("daemon", thread.daemon())
                    .member("stack", thread.stack())
                    .end();
        }
        json.endList();
    }

    private void heap(ImageContents contents) {
        json.object("heap")
                .member("objects", contents.heap().objects())
                .member("bytes", contents.heap().bytes())
                .list("topClasses");
        for (ClassCount count : contents.heap().topClasses()) {
            json.element()
                    .member("class", count.className())
                    .member("objects", count.objects())
                    .member("bytes", count.bytes())
                    .end();
        }
        json.endList().list("roots");
        for (RootCount count : contents.heap().roots()) {
            json.element()
                    .member("kind", count.kind())
                    .member("roots", count.roots())
                    .end();
        }
        json.endList().end();
    }

    private void files(ImageContents contents) {
        json.list("files");
        for (OpenFile file : contents.files()) {
            json.element()
                    .member("path", file.path())
                    .member("mode", file.mode())
                    .member("position", file.position())
                    .member("size", file.size())
                    .end();
        }
        json.endList();
    }

    private void sockets(ImageContents contents) {
        json.list("sockets");
        for (OpenSocket socket : contents.sockets()) {
            json.element()
                    .member("kind", socket.kind())
                    .member("local", socket.local())
                    .member("remote", socket.remote())
                    .end();
        }
        json.endList();
    }

    private void classPath(ImageContents contents) {
        json.list("classPath");
        for (ClassPathEntry entry : contents.classPath()) {
            json.element()
                    .member("path", entry.path())
                    .member("size", entry.size())
                    .member("modified", entry.modified().toString())
                    .member("sha256", entry.sha256())
                    .end();
        }
        json.endList();
    }

    private void sections(Manifest manifest) {
        json.list("sections");
        for (SectionEntry section : manifest.sections()) {
            json.element()
                    .member("name", section.name())
                    .member("chunks", section.chunks().size())
                    .member("storedBytes", section.storedBytes())
                    .member("plainBytes", section.plainBytes())
                    .end();
        }
        json.endList();
    }
}
