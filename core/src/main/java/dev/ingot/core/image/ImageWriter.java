package dev.ingot.core.image;

import dev.ingot.core.seal.Seal;
import dev.ingot.core.seal.Sealer;
import dev.ingot.core.seal.SigningKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * An image being written. Sections may be written at the same time, each by one thread; everything else belongs to one
 * thread.
 *
 * <p>{@link #close} without {@link #commit} removes every trace; so does a failed commit.
 */
public final class ImageWriter implements AutoCloseable {

    /** {@code WRITING -> COMMITTED}, {@code WRITING -> ABANDONED}. */
    private enum State {
        WRITING,
        COMMITTED,
        ABANDONED
    }

    private final ImageStore store;
    private final Disk disk;
    private final ImageDescription description;
    private final Path temporary;
    private final Disk.Output pack;
    private final @Nullable Sealer sealer;
    private final @Nullable SigningKey signer;
    private final ChunkPipeline pipeline;
    private final List<SectionOutput> sections = new ArrayList<>();
    private final List<ImageHandle> before = new ArrayList<>();
    private State state = State.WRITING;
    private long stackBytes;

    ImageWriter(
            ImageStore store,
            Disk disk,
            ThreadFactory threads,
            ImageDescription description,
            Path temporary,
            Disk.Output pack,
            @Nullable Sealer sealer,
            @Nullable SigningKey signer,
            Sidecars sidecars) {
        this.store = store;
        this.disk = disk;
        this.description = description;
        this.temporary = temporary;
        this.pack = pack;
        this.sealer = sealer;
        this.signer = signer;
        this.pipeline = new ChunkPipeline(pack, sealer, threads, sidecars);
    }

    /**
     * Makes this image go on where {@code earlier} ends: {@link ImageHandle#series} of a section is then what that image has, with
     * those it goes on itself, and what is written here behind it. The files of the earlier images get a second name within this one,
     * so that each image can be deleted without the other. To be called at most once.
     *
     * @throws ImageException if they cannot, for instance because they are gone; the image can be written without them
     */
    public void goOn(ImageHandle earlier) throws ImageException {
        requireWriting();
        requireSameSeal(earlier);
        List<ImageHandle> all = new ArrayList<>(earlier.before());
        all.add(earlier);
        for (ImageHandle image : all) {
            requireSameSigner(image);
        }
        List<Path> directories = new ArrayList<>();
        try {
            for (ImageHandle image : all) {
                Path place = temporary.resolve(ImageHandle.before(directories.size()));
                directories.add(place);
                disk.createDirectories(place);
                disk.link(image.pack(), place.resolve(ImageHandle.PACK));
                disk.link(
                        image.manifestFile(),
                        place.resolve(image.manifestFile().getFileName().toString()));
                sealKeys(image, place);
                disk.force(place);
            }
        } catch (IOException failure) {
            for (Path place : directories) {
                removeAfter(failure, place);
            }
            throw ImageException.whileWriting(temporary, failure);
        }
        before.addAll(all);
    }

    /** Whoever may read one image may read the other: a key that was replaced opens nothing that is new. */
    private void requireSameSeal(ImageHandle earlier) throws ImageException {
        Sealer others = earlier.sealer();
        if (sealer == null && others == null) {
            return;
        }
        if (sealer == null || others == null || !sealer.isOfSameKey(others)) {
            throw new ImageException(
                    ImageProblem.UNSUPPORTED, temporary, "an image cannot go on one that is sealed differently");
        }
        if (SealFile.read(earlier.directory()).isErased()) {
            throw new ImageException(ImageProblem.ERASED, temporary, "an image cannot go on one that was erased");
        }
    }

    /** What an image goes on is part of it, so whoever signs the one has signed the other. */
    private void requireSameSigner(ImageHandle image) throws ImageException {
        if (signer != null
                && !signer.fingerprint().equals(image.signer())
                && !ManifestSignature.isBy(signer.counterpart(), image.manifestBytes())) {
            throw new ImageException(
                    ImageProblem.UNTRUSTED,
                    temporary,
                    "an image that is signed cannot go on one that the same key has not signed");
        }
    }

    private void sealKeys(ImageHandle image, Path place) throws IOException {
        Sealer others = image.sealer();
        if (sealer != null && others != null) {
            byte[] keys = sealer.sealKeysOf(others, place.getFileName().toString());
            write(place.resolve(ImageHandle.SEALED_KEY), keys);
        }
    }

    private void removeAfter(IOException failure, Path place) {
        try {
            disk.deleteTree(place);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    /**
     * Begins a section; its name has small letters, digits, dots, dashes and underscores. The stream must be closed before
     * {@link #commit}; its methods throw {@link ImageException} where the disk fails.
     *
     * @throws IllegalArgumentException if the name is malformed or taken
     */
    public synchronized OutputStream section(String name) {
        requireWriting();
        if (!ImageName.isSection(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot be the name of a section: use small letters, digits, dots, dashes and underscores");
        }
        if (sections.stream().anyMatch(section -> section.name().equals(name))) {
            throw new IllegalArgumentException("section '" + name + "' was begun before");
        }
        SectionOutput section = new SectionOutput(sections.size(), name, temporary.resolve(ImageHandle.PACK), pipeline);
        sections.add(section);
        return section;
    }

    /** Has the JVM that is started for the image give its threads stacks with room for frames of {@code bytes}. */
    public void needsStacks(long bytes) {
        stackBytes = bytes;
    }

    /** Bytes on disk so far. */
    public long storedBytes() {
        return pipeline.packBytes();
    }

    /**
     * Makes the image complete and durable. When this returns, the image survives a crash of the machine.
     *
     * @throws ImageException if the disk fails; nothing of the image is left then
     * @throws IllegalStateException if a section is still open
     */
    public ImageHandle commit(ImageContents contents) throws ImageException {
        requireWriting();
        requireClosedSections();
        try {
            List<SectionEntry> entries = new ArrayList<>();
            for (SectionOutput section : sections) {
                entries.add(section.entry());
            }
            pipeline.close();
            pack.force();
            ImageHandle image = store.publish(
                    description.name(),
                    temporary,
                    sequence -> manifest(sequence, entries, contents),
                    this::write,
                    sealer,
                    signer == null ? null : signer.fingerprint());
            state = State.COMMITTED;
            return image;
        } catch (IOException failure) {
            ImageException reported =
                    failure instanceof ImageException known ? known : ImageException.whileWriting(temporary, failure);
            throw abandon(reported);
        }
    }

    private void requireWriting() {
        if (state != State.WRITING) {
            throw new IllegalStateException("image " + temporary + " is " + state + ", nothing can be written to it");
        }
    }

    private void requireClosedSections() {
        for (SectionOutput section : sections) {
            if (!section.isClosed()) {
                throw new IllegalStateException("section '" + section.name() + "' must be closed before the commit");
            }
        }
    }

    private Manifest manifest(long sequence, List<SectionEntry> entries, ImageContents contents) {
        Instant created = store.now();
        return new Manifest(
                FormatVersion.CURRENT,
                description.ingotVersion(),
                description.weaverVersion(),
                ImageId.of(description.name(), sequence, created, entries),
                description.name(),
                sequence,
                description.parent(),
                created,
                description.process(),
                pipeline.packBytes(),
                "",
                entries,
                before.stream().map(image -> image.manifest().id()).toList(),
                contents);
    }

    // The manifest comes last within the directory too, so that a copy that was cut off is seen to be incomplete.
    private Manifest write(Manifest draft) throws IOException {
        byte[] launch = LaunchPlan.of(draft.process()).withStacksOf(stackBytes).toFile(draft.packBytes());
        Manifest manifest = draft.withLaunchSha256(Sha256.of(launch, launch.length));
        if (sealer == null) {
            write(ImageHandle.LAUNCH, launch);
            write(ImageHandle.MANIFEST, ManifestWriter.write(manifest, signer));
        } else {
            write(ImageHandle.SEAL, seal(sealer, draft.packBytes()).toBytes());
            write(ImageHandle.SEALED_LAUNCH, sealer.seal(ImageHandle.LAUNCH, launch));
            write(
                    ImageHandle.SEALED_MANIFEST,
                    sealer.seal(ImageHandle.MANIFEST, ManifestWriter.write(manifest, signer)));
        }
        disk.force(temporary);
        // Only now, under the store's lock: a cleaner takes an unlocked pack for that of a dead writer.
        pack.close();
        return manifest;
    }

    private Seal seal(Sealer keys, long packBytes) {
        return keys.seal(
                packBytes,
                before.stream().map(image -> image.manifest().packBytes()).toList());
    }

    private void write(String name, byte[] bytes) throws IOException {
        write(temporary.resolve(name), bytes);
    }

    private void write(Path file, byte[] bytes) throws IOException {
        try (Disk.Output output = disk.create(file)) {
            output.write(ByteBuffer.wrap(bytes));
            output.force();
        } catch (IOException failure) {
            throw ImageException.whileWriting(file, failure);
        }
    }

    private ImageException abandon(ImageException reason) {
        try {
            close();
        } catch (IOException second) {
            reason.addSuppressed(second);
        }
        return reason;
    }

    /** Removes what was written, unless the image is committed. Does nothing the second time. */
    @Override
    public void close() throws ImageException {
        if (state != State.WRITING) {
            return;
        }
        state = State.ABANDONED;
        pipeline.close();
        try (pack) {
            disk.deleteTree(temporary);
        } catch (IOException failure) {
            throw new ImageException(
                    ImageProblem.STORAGE,
                    temporary,
                    "cannot remove the unfinished image " + temporary + ": " + failure.getMessage()
                            + "; the next checkpoint tries again, or delete it",
                    failure);
        }
    }
}
