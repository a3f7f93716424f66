package dev.ingot.core.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

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
    private final ChunkPipeline pipeline;
    private final List<SectionOutput> sections = new ArrayList<>();
    private State state = State.WRITING;

    ImageWriter(
            ImageStore store,
            Disk disk,
            ThreadFactory threads,
            ImageDescription description,
            Path temporary,
            Disk.Output pack) {
        this.store = store;
        this.disk = disk;
        this.description = description;
        this.temporary = temporary;
        this.pack = pack;
        this.pipeline = new ChunkPipeline(pack, threads);
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
        SectionOutput section = new SectionOutput(name, temporary.resolve(ImageHandle.PACK), pipeline);
        sections.add(section);
        return section;
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
                    description.name(), temporary, sequence -> manifest(sequence, entries, contents), this::write);
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
                contents);
    }

    // The manifest comes last within the directory too, so that a copy that was cut off is seen to be incomplete.
    private Manifest write(Manifest draft) throws IOException {
        byte[] launch = LaunchPlan.of(draft.process()).toFile(draft.packBytes());
        write(ImageHandle.LAUNCH, launch);
        Manifest manifest = draft.withLaunchSha256(Sha256.of(launch, launch.length));
        write(ImageHandle.MANIFEST, ManifestWriter.write(manifest));
        disk.force(temporary);
        // Only now, under the store's lock: a cleaner takes an unlocked pack for that of a dead writer.
        pack.close();
        return manifest;
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = temporary.resolve(name);
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
