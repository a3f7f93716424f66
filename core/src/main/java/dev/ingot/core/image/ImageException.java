package dev.ingot.core.image;

import dev.ingot.core.seal.KeyException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** An image that cannot be written or read. The message names the file, what is wrong and what the user can do. */
public final class ImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ImageProblem problem;
    private final transient Path file;

    ImageException(ImageProblem problem, Path file, String message) {
        super(message);
        this.problem = problem;
        this.file = file;
    }

    ImageException(ImageProblem problem, Path file, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.file = file;
    }

    public ImageProblem problem() {
        return problem;
    }

    /** The file or directory the problem lies in. */
    public Path file() {
        return file;
    }

    static ImageException corrupt(Path file, long offset, String what) {
        return new ImageException(
                ImageProblem.CORRUPT,
                file,
                file + " at byte " + offset + ": " + what + "; the image is damaged, use an older one or a copy");
    }

    /** Says what was attempted and tells a full disk from other failures. */
    static ImageException whileWriting(Path file, IOException cause) {
        if (isFullDisk(cause)) {
            return new ImageException(
                    ImageProblem.NO_SPACE,
                    file,
                    "cannot write " + file
                            + ": the disk is full; free space, remove images with 'ingot images prune', or"
                            + " choose another images directory",
                    cause);
        }
        return new ImageException(
                ImageProblem.STORAGE,
                file,
                "cannot write " + file + ": " + reason(cause) + "; check that the images directory is writable",
                cause);
    }

    /** Says which image could not be copied where. */
    static ImageException whileCopying(String image, Path to, IOException cause) {
        String attempt = "cannot copy image " + image + " to " + to + ": ";
        if (isFullDisk(cause)) {
            return new ImageException(
                    ImageProblem.NO_SPACE,
                    to,
                    attempt
                            + "the disk is full; free space there, or copy to another directory. What was copied stays, and is not copied again",
                    cause);
        }
        return new ImageException(
                ImageProblem.STORAGE,
                to,
                attempt + reason(cause) + "; check the permissions and the file systems of both",
                cause);
    }

    static ImageException whileReading(Path file, IOException cause) {
        if (cause instanceof ImageException known) {
            return known;
        }
        if (cause instanceof NoSuchFileException) {
            return new ImageException(
                    ImageProblem.MISSING,
                    file,
                    "cannot read " + file + ": there is no such file; name an image that 'ingot images' lists",
                    cause);
        }
        return new ImageException(
                ImageProblem.STORAGE,
                file,
                "cannot read " + file + ": " + reason(cause) + "; check the permissions and the file system",
                cause);
    }

    /** Says why an image cannot be sealed. */
    static ImageException whileSealing(Path home, KeyException cause) {
        return new ImageException(
                ImageProblem.KEY, home, "cannot seal an image in " + home + ": " + cause.getMessage(), cause);
    }

    /** Says what is wrong with the key of the image in {@code image}. */
    static ImageException ofKey(Path image, KeyException cause) {
        if (cause.reason() == KeyException.Reason.FORGED) {
            return new ImageException(
                    ImageProblem.CORRUPT,
                    image,
                    "cannot open the sealed image " + image + ": " + cause.getMessage()
                            + "; use an older one or a copy",
                    cause);
        }
        return new ImageException(
                ImageProblem.KEY, image, "cannot open the sealed image " + image + ": " + cause.getMessage(), cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "access denied";
        }
        if (cause instanceof NoSuchFileException absent) {
            return "there is no file " + absent.getFile();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    // The JDK has no exception of its own for a full disk, only the text of the operating system.
    private static boolean isFullDisk(IOException cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("disk quota exceeded")
                || message.contains("not enough space");
    }
}
