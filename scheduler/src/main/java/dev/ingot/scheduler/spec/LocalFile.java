package dev.ingot.scheduler.spec;

import java.nio.file.Path;

/**
 * A file of who describes a workload, which is to be shipped with it.
 *
 * @param name under which the workload finds it
 */
public record LocalFile(String name, Path path) {}
