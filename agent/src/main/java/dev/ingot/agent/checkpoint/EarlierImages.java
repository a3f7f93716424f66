package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.HeapHistory;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageWriter;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM knows of the images it has written, so that the next one says only what changed. Not thread-safe.
 *
 * <p>That costs memory for each object of the program, so it begins only where more images are to be expected: with the first image of
 * a program that is checkpointed periodically, with the second of any other. Where the options do not want it, somebody may ask for
 * a series that begins with the next image, who knows that another one will follow soon; it ends as all series do.
 */
final class EarlierImages {
    private final AgentContext agent;
    private @Nullable HeapHistory kept;
    /** Null until the first image: a start does without the classes. */
    private @Nullable HeapHistory current;

    private @Nullable ImageHandle last;
    private boolean anyWritten;
    private boolean asked;

    EarlierImages(AgentContext agent) {
        this.agent = agent;
    }

    /** The next image is to be one that others can go on, whatever the options say. */
    void keepNext() {
        asked = true;
    }

    /** Whether somebody wants the next image to be such a one. */
    boolean isAsked() {
        return asked;
    }

    /**
     * Begins an image, which goes on where the last one ends if that is possible.
     *
     * @param affordable whether the machine can spare what a series costs
     */
    void begin(ImageWriter writer, boolean suspend, boolean affordable) {
        if (!affordable && kept != null) {
            kept.close();
            kept = null;
        }
        if (kept != null) {
            kept.forgetIfOutdated();
        }
        if (kept != null && !kept.continues() && !isKept()) {
            kept.close();
            kept = null;
        }
        HeapHistory history = kept;
        ImageHandle earlier = last;
        if (history != null && earlier != null && history.continues()) {
            try {
                writer.goOn(earlier);
            } catch (ImageException gone) {
                agent.log().debug("the image has to be a whole one", gone);
                history.forget();
            }
        }
        if (history == null && isKept() && !suspend && affordable) {
            history = HeapHistory.empty();
            kept = history;
        }
        asked = false;
        current = history == null ? HeapHistory.ofOneImage() : history;
    }

    /**
     * Whether images of this program are to go on one that it is resumed from.
     *
     * @param affordable as for {@link #begin}
     */
    boolean wantToGoOn(boolean affordable) {
        return affordable && agent.options().images().incremental();
    }

    /** The program was resumed from an image, on which the next one is to go. */
    void resumed(ImageHandle image, HeapHistory history) {
        kept = history;
        last = image;
    }

    private boolean isKept() {
        Duration every = agent.options().trigger().every();
        return asked || (agent.options().images().incremental() && (every != null || anyWritten));
    }

    /** What the walk for the image that was begun goes by. */
    HeapHistory history() {
        return Objects.requireNonNull(current);
    }

    /** The walk is over. */
    void walked() {
        if (current != null && current != kept) {
            current.close();
        }
    }

    void written(ImageHandle image) {
        anyWritten = true;
        last = image;
    }

    /** The image that was begun did not come to be. */
    void forget() {
        last = null;
        if (current != null) {
            current.forget();
        }
    }
}
