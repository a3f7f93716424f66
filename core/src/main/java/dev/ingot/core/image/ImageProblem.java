package dev.ingot.core.image;

/** Why an image could not be written or read. */
public enum ImageProblem {
    /** There is no such image, section or directory. */
    MISSING,
    /** The directory holds no image of Ingot, or one that was not written to its end. */
    INCOMPLETE,
    /** Stored bytes differ from what was written. */
    CORRUPT,
    /** The image is of a format this version does not read. */
    UNSUPPORTED,
    /** The image is sealed, and the key is missing, another one, or cannot be reached. */
    KEY,
    /** The image lies in the clear where only sealed ones are taken. */
    NOT_SEALED,
    /** No key that is trusted has signed the image, where only such images are taken. */
    UNTRUSTED,
    /** The image's key was erased, and with it all that it held. */
    ERASED,
    /** A name, count or size is outside its limits. */
    INVALID,
    /** The disk is full. */
    NO_SPACE,
    /** The file system refused access or failed. */
    STORAGE
}
