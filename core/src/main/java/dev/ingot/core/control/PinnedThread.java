package dev.ingot.core.control;

/**
 * A thread that could not be captured.
 *
 * @param reason the name of the pin
 * @param frame the frame that pins it, as in a stack trace; may be empty
 * @param remedy what the user can do; may be empty
 */
public record PinnedThread(String thread, String reason, String frame, String remedy) {}
