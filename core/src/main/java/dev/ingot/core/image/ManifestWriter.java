package dev.ingot.core.image;

import dev.ingot.core.json.JsonWriter;
import dev.ingot.core.seal.SigningKey;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a manifest as JSON; {@link ManifestReader} reads it. The fields are documented in docs/image-container.md. */
final class ManifestWriter {
    private final JsonWriter json = JsonWriter.indented();

    private ManifestWriter() {}

    /** @param signer signs it; null for not */
    static byte[] write(Manifest manifest, @Nullable SigningKey signer) {
        return ManifestTrailer.seal(new ManifestWriter().text(manifest), signer);
    }

    private String text(Manifest manifest) {
        json.member("format", manifest.format().toString())
                .member("ingotVersion", manifest.ingotVersion())
                .member("weaverVersion", manifest.weaverVersion())
                .member("id", manifest.id())
                .member("name", manifest.name())
                .member("sequence", manifest.sequence())
                .member("parent", manifest.parent())
                .member("createdMillis", manifest.created().toEpochMilli());
        process(manifest.process());
        json.member("packBytes", manifest.packBytes()).member("launchSha256", manifest.launchSha256());
        json.list("sections");
        manifest.sections().forEach(this::section);
        json.endList().member("before", manifest.before());
        contents(manifest.contents());
        return json.finish();
    }

    private void process(ProcessDescription process) {
        json.object("process")
                .member("pid", process.pid())
                .member("startedMillis", process.started().toEpochMilli())
                .object("jdk")
                .member("version", process.jdk().version())
                .member("vendor", process.jdk().vendor())
                .member("home", process.jdk().home())
                .end()
                .member("os", process.os())
                .member("arch", process.arch())
                .member("arguments", process.arguments())
                .member("environment", sorted(process.environment()))
                .member("workingDirectory", process.workingDirectory())
                .member("main", process.main())
                .end();
    }

    private void section(SectionEntry section) {
        json.element().member("name", section.name()).list("chunks");
        for (ChunkEntry chunk : section.chunks()) {
            json.element()
                    .member("offset", chunk.offset())
                    .member("stored", chunk.storedBytes())
                    .member("plain", chunk.plainBytes())
                    .member("codec", chunk.codec().text())
                    .member("crc32c", Integer.toUnsignedLong(chunk.checksum()))
                    .member("sha256", chunk.sha256())
                    .end();
        }
        json.endList().end();
    }

    private void contents(ImageContents contents) {
        json.object("contents");
        json.list("threads");
        contents.threads().forEach(this::thread);
        json.endList().list("classPath");
        contents.classPath().forEach(this::classPathEntry);
        json.endList().list("files");
        contents.files().forEach(this::file);
        json.endList().list("sockets");
        contents.sockets().forEach(this::socket);
        json.endList().member("properties", sorted(contents.properties()));
        heap(contents.heap());
        json.member("notes", sorted(contents.notes())).end();
    }

    private static Map<String, String> sorted(Map<String, String> map) {
        return new TreeMap<>(map);
    }

    private void thread(ThreadSummary thread) {
        json.element()
                .member("name", thread.name())
                .member("state", thread.state())
                .member("daemon", thread.daemon())
                .member("stack", thread.stack())
                .end();
    }

    private void classPathEntry(ClassPathEntry entry) {
        json.element()
                .member("path", entry.path())
                .member("size", entry.size())
                .member("modifiedMillis", entry.modified().toEpochMilli())
                .member("sha256", entry.sha256())
                .end();
    }

    private void file(OpenFile file) {
        json.element()
                .member("path", file.path())
                .member("mode", file.mode())
                .member("position", file.position())
                .member("size", file.size())
                .end();
    }

    private void socket(OpenSocket socket) {
        json.element()
                .member("kind", socket.kind())
                .member("local", socket.local())
                .member("remote", socket.remote())
                .end();
    }

    private void heap(HeapStatistics heap) {
        json.object("heap")
                .member("objects", heap.objects())
                .member("bytes", heap.bytes())
                .list("topClasses");
        for (ClassCount count : heap.topClasses()) {
            json.element()
                    .member("class", count.className())
                    .member("objects", count.objects())
                    .member("bytes", count.bytes())
                    .end();
        }
        json.endList().list("roots");
        for (RootCount count : heap.roots()) {
            json.element()
                    .member("kind", count.kind())
                    .member("roots", count.roots())
                    .end();
        }
        json.endList().end();
    }
}
