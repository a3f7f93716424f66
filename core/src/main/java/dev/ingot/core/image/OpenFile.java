package dev.ingot.core.image;

/** A file the program had open. {@code mode} is {@code r}, {@code w}, {@code a} or {@code rw}. */
public record OpenFile(String path, String mode, long position, long size) {}
