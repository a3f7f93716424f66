package dev.ingot.core.seal;

/**
 * Where a chunk belongs.
 *
 * @param section number of its section within the image, from 0
 * @param sectionName the section's name
 * @param index number of the chunk within the section, from 0
 */
public record ChunkPlace(int section, String sectionName, long index) {}
