package dev.ingot.agent.options;

/** How the image to resume is chosen. */
public enum ResumeSource {
    /** No image: the program starts fresh. */
    NONE,
    /** The newest complete image of the program's name; the program starts fresh where there is none. */
    NEWEST,
    /** A named image; it is an error if it cannot be resumed. */
    IMAGE,
    /** The same, but a file names the image, and is waited for. */
    AWAITED
}
