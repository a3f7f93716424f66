package dev.ingot.core.image;

import org.jspecify.annotations.Nullable;

/**
 * What is known of an image before it is written.
 *
 * @param name the workload's name; see {@link ImageName}
 * @param parent the id of the image this process was resumed from, or null
 * @param ingotVersion the version of Ingot that writes the image
 * @param weaverVersion the version of the bytecode weaver whose site numbers the stacks refer to
 * @param process the process that is captured
 * @param expectedBytes a guess of the size on disk, refused early if it does not fit; 0 if unknown
 */
public record ImageDescription(
        String name,
        @Nullable String parent,
        String ingotVersion,
        String weaverVersion,
        ProcessDescription process,
        long expectedBytes) {}
