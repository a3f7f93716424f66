package dev.ingot.core.image;

/** How many objects of a class an image holds and how many bytes of it they take. */
public record ClassCount(String className, long objects, long bytes) {}
