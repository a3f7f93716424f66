package dev.ingot.core.image;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.Seal;
import dev.ingot.core.seal.Sealer;
import dev.ingot.core.seal.TrustedKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a manifest, checking everything that later code relies on. */
final class ManifestReader {
    static final long MAX_BYTES = 256L << 20;
    private static final int MAX_SECTIONS = 1024;

    private final Path file;
    private final @Nullable Sealer sealer;
    private final long mostBytes;

    /** @param sealer opens the manifest if it is sealed; null if it lies in the clear */
    ManifestReader(Path file, @Nullable Sealer sealer) {
        this(file, sealer, MAX_BYTES);
    }

    /** The same for a manifest of no more than {@code mostBytes}. */
    ManifestReader(Path file, @Nullable Sealer sealer, long mostBytes) {
        this.file = file;
        this.sealer = sealer;
        this.mostBytes = mostBytes;
    }

    /** The bytes of the manifest, whose checksum is right. */
    byte[] checkedBytes() throws ImageException {
        try {
            byte[] stored = ImageFiles.read(file, mostBytes);
            byte[] read = sealer == null ? stored : sealer.open(ImageHandle.MANIFEST, stored);
            ManifestTrailer.check(file, read);
            return read;
        } catch (KeyException forged) {
            throw ImageException.ofKey(file, forged);
        } catch (NoSuchFileException missing) {
            throw new ImageException(
                    ImageProblem.INCOMPLETE,
                    file,
                    file.getParent() + " is not a complete image: it has no " + file.getFileName()
                            + "; name an image that 'ingot images' lists",
                    missing);
        } catch (IOException failure) {
            throw ImageException.whileReading(file, failure);
        } catch (OutOfMemoryError full) {
            throw tooLarge(full);
        }
    }

    /** What it takes grows with the manifest, so somebody else's image can ask for more than there is. */
    private ImageException tooLarge(OutOfMemoryError full) {
        return new ImageException(
                ImageProblem.UNSUPPORTED,
                file,
                "cannot read " + file
                        + ": the Java heap has no room for what it says; if the image is one of yours, raise -Xmx",
                full);
    }

    /**
     * Reads it.
     *
     * @param trusted one of which has to have signed it; null if nobody has to
     */
    Read read(@Nullable TrustedKeys trusted) throws ImageException {
        byte[] bytes = checkedBytes();
        String signer = trusted == null ? null : ManifestSignature.requireBy(trusted, file, bytes);
        return new Read(parse(bytes), signer);
    }

    /**
     * What was read.
     *
     * @param signer the fingerprint of the trusted key that has signed it; null if nobody had to
     */
    record Read(Manifest manifest, @Nullable String signer) {}

    /** The manifest in {@code bytes}, which lie in the clear. */
    Manifest parseChecked(byte[] bytes) throws ImageException {
        ManifestTrailer.check(file, bytes);
        return parse(bytes);
    }

    private Manifest parse(byte[] bytes) throws ImageException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return manifest(JsonObject.parse(text));
        } catch (JsonException | CharacterCodingException malformed) {
            throw new ImageException(
                    ImageProblem.INVALID,
                    file,
                    "cannot read " + file + ": " + malformed.getMessage() + "; it was not written by this Ingot",
                    malformed);
        } catch (OutOfMemoryError full) {
            throw tooLarge(full);
        }
    }

    private Manifest manifest(JsonObject json) throws JsonException, ImageException {
        FormatVersion format = FormatVersion.parse(json.string("format"));
        if (!format.isReadable()) {
            throw new ImageException(
                    ImageProblem.UNSUPPORTED,
                    file,
                    "cannot read " + file + ": its format is " + format + ", this Ingot reads "
                            + FormatVersion.CURRENT.major() + ".x; use the Ingot that wrote it (version "
                            + json.optionalString("ingotVersion").orElse("unknown") + ")");
        }
        String name = json.string("name");
        if (!ImageName.isValid(name)) {
            throw new JsonException("'" + name + "' is not a name an image can have");
        }
        long packBytes = json.integer("packBytes", 0, Long.MAX_VALUE);
        return new Manifest(
                format,
                json.string("ingotVersion"),
                json.string("weaverVersion"),
                json.string("id"),
                name,
                json.integer("sequence", 1, Long.MAX_VALUE),
                json.optionalString("parent").orElse(null),
                Instant.ofEpochMilli(json.integer("createdMillis")),
                process(json.object("process")),
                packBytes,
                hash(json, "launchSha256"),
                sections(json.objects("sections"), packBytes),
                before(json),
                contents(json.object("contents")));
    }

    private static String hash(JsonObject json, String member) throws JsonException {
        String text = json.string(member);
        if (!Sha256.isText(text)) {
            throw new JsonException("member '" + member + "' is not a SHA-256 hash");
        }
        return text;
    }

    private static ProcessDescription process(JsonObject json) throws JsonException {
        JsonObject jdk = json.object("jdk");
        return new ProcessDescription(
                json.integer("pid"),
                Instant.ofEpochMilli(json.integer("startedMillis")),
                new JdkDescription(jdk.string("version"), jdk.string("vendor"), jdk.string("home")),
                json.string("os"),
                json.string("arch"),
                json.strings("arguments"),
                json.stringMap("environment"),
                json.string("workingDirectory"),
                json.string("main"));
    }

    private static List<String> before(JsonObject json) throws JsonException {
        List<String> before = json.has("before") ? json.strings("before") : List.of();
        if (before.size() > Seal.MAX_BEFORE) {
            throw new JsonException(
                    before.size() + " earlier images are more than the " + Seal.MAX_BEFORE + " allowed");
        }
        if (new HashSet<>(before).size() != before.size()) {
            throw new JsonException("an earlier image appears twice");
        }
        return before;
    }

    private static List<SectionEntry> sections(List<JsonObject> list, long packBytes) throws JsonException {
        if (list.size() > MAX_SECTIONS) {
            throw new JsonException(list.size() + " sections are more than the " + MAX_SECTIONS + " allowed");
        }
        List<SectionEntry> sections = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonObject json : list) {
            SectionEntry section = section(json);
            if (!ImageName.isSection(section.name()) || !names.add(section.name())) {
                throw new JsonException("'" + section.name() + "' is not a section name or appears twice");
            }
            sections.add(section);
        }
        requireTiling(sections, packBytes);
        return sections;
    }

    private static SectionEntry section(JsonObject json) throws JsonException {
        List<ChunkEntry> chunks = new ArrayList<>();
        for (JsonObject chunk : json.objects("chunks")) {
            chunks.add(new ChunkEntry(
                    chunk.integer("offset", 0, Long.MAX_VALUE - ChunkEntry.MAX_STORED_BYTES),
                    (int) chunk.integer("stored", 1, ChunkEntry.MAX_STORED_BYTES),
                    (int) chunk.integer("plain", 1, ChunkEntry.MAX_PLAIN_BYTES),
                    ChunkCodec.parse(chunk.string("codec")),
                    (int) chunk.integer("crc32c", 0, 0xffff_ffffL),
                    hash(chunk, "sha256")));
        }
        return new SectionEntry(json.string("name"), chunks);
    }

    // Every byte of the pack belongs to exactly one chunk: nothing hides between chunks, and no small pack pretends to
    // hold
    // much by naming the same bytes many times.
    private static void requireTiling(List<SectionEntry> sections, long packBytes) throws JsonException {
        List<ChunkEntry> chunks = new ArrayList<>();
        for (SectionEntry section : sections) {
            chunks.addAll(section.chunks());
        }
        chunks.sort(ChunkEntry.BY_OFFSET);
        long expected = 0;
        for (ChunkEntry chunk : chunks) {
            if (chunk.offset() != expected) {
                throw new JsonException(
                        "a chunk begins at byte " + chunk.offset() + " of the pack instead of " + expected);
            }
            expected += chunk.storedBytes();
        }
        if (expected != packBytes) {
            throw new JsonException("the chunks end at byte " + expected + " of the pack, which has " + packBytes);
        }
    }

    private static ImageContents contents(JsonObject json) throws JsonException {
        List<ThreadSummary> threads = new ArrayList<>();
        for (JsonObject thread : json.objects("threads")) {
            threads.add(new ThreadSummary(
                    thread.string("name"), thread.string("state"), thread.flag("daemon"), thread.strings("stack")));
        }
        List<ClassPathEntry> classPath = new ArrayList<>();
        for (JsonObject entry : json.objects("classPath")) {
            classPath.add(new ClassPathEntry(
                    entry.string("path"),
                    entry.integer("size"),
                    Instant.ofEpochMilli(entry.integer("modifiedMillis")),
                    entry.optionalString("sha256").orElse(null)));
        }
        return new ImageContents(
                threads,
                classPath,
                files(json),
                sockets(json),
                json.stringMap("properties"),
                heap(json.object("heap")),
                json.stringMap("notes"));
    }

    private static List<OpenFile> files(JsonObject json) throws JsonException {
        List<OpenFile> files = new ArrayList<>();
        for (JsonObject file : json.objects("files")) {
            files.add(new OpenFile(
                    file.string("path"), file.string("mode"), file.integer("position"), file.integer("size")));
        }
        return files;
    }

    private static List<OpenSocket> sockets(JsonObject json) throws JsonException {
        List<OpenSocket> sockets = new ArrayList<>();
        for (JsonObject socket : json.objects("sockets")) {
            sockets.add(new OpenSocket(socket.string("kind"), socket.string("local"), socket.string("remote")));
        }
        return sockets;
    }

    private static HeapStatistics heap(JsonObject json) throws JsonException {
        List<ClassCount> classes = new ArrayList<>();
        for (JsonObject count : json.objects("topClasses")) {
            classes.add(new ClassCount(count.string("class"), count.integer("objects"), count.integer("bytes")));
        }
        List<RootCount> roots = new ArrayList<>();
        for (JsonObject count : json.objects("roots")) {
            roots.add(new RootCount(count.string("kind"), count.integer("roots")));
        }
        return new HeapStatistics(json.integer("objects"), json.integer("bytes"), classes, roots);
    }
}
