package dev.ingot.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where images are kept.
 *
 * @param directory absolute; need not exist yet
 * @param name the program's name among the images, or {@code null} where it is to be derived from the program
 */
public record ImageOptions(Path directory, @Nullable String name) {

    static ImageOptions read(OptionReader reader) {
        return new ImageOptions(reader.path(OptionKey.IMAGES), reader.name(OptionKey.NAME));
    }
}
