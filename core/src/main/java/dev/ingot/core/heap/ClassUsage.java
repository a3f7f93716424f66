package dev.ingot.core.heap;

/** How many objects of a class an image holds, and the bytes of their contents in it. */
public record ClassUsage(String className, long objects, long bytes) {}
