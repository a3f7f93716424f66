package dev.ingot.core.image;

/** A socket the program had open. {@code kind} says which, such as {@code tcp-listen}; addresses are text, may be empty. */
public record OpenSocket(String kind, String local, String remote) {}
