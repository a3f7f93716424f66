package dev.ingot.core.image;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of contents of an image. Immutable.
 *
 * @param id unique among all images
 * @param sequence counts the images of one name, from 1
 * @param parent the id of the image the process had been resumed from, or null
 * @param packBytes the size of the chunk pack
 * @param launchSha256 the hash of the launch file
 * @param before the ids of the earlier images whose sections this one goes on, oldest first
 * @param contents for people; see {@link ImageContents}
 */
public record Manifest(
        FormatVersion format,
        String ingotVersion,
        String weaverVersion,
        String id,
        String name,
        long sequence,
        @Nullable String parent,
        Instant created,
        ProcessDescription process,
        long packBytes,
        String launchSha256,
        List<SectionEntry> sections,
        List<String> before,
        ImageContents contents) {
    public Manifest {
        before = List.copyOf(before);
        sections = List.copyOf(sections);
    }

    /** The section of this name, or null. */
    @Nullable SectionEntry section(String sectionName) {
        for (SectionEntry section : sections) {
            if (section.name().equals(sectionName)) {
                return section;
            }
        }
        return null;
    }

    Manifest withLaunchSha256(String hash) {
        return new Manifest(
                format,
                ingotVersion,
                weaverVersion,
                id,
                name,
                sequence,
                parent,
                created,
                process,
                packBytes,
                hash,
                sections,
                before,
                contents);
    }

    /** Bytes of all sections before compression. */
    public long plainBytes() {
        long sum = 0;
        for (SectionEntry section : sections) {
            sum += section.plainBytes();
        }
        return sum;
    }
}
