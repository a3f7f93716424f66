package dev.ingot.core.image;

/** How many roots of one kind the walk started from, such as {@code static} or {@code frame}. */
public record RootCount(String kind, long roots) {}
