package dev.ingot.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to resume.
 *
 * @param source how the image is chosen
 * @param image absolute path of the image, present exactly where the source is {@link ResumeSource#IMAGE}
 */
public record ResumeOptions(ResumeSource source, @Nullable Path image) {

    public ResumeOptions {
        if ((source == ResumeSource.IMAGE) != (image != null)) {
            throw new IllegalArgumentException("resume source " + source + " cannot have image " + image);
        }
    }

    static ResumeOptions read(OptionReader reader) {
        if (reader.isOff(OptionKey.RESUME)) {
            return new ResumeOptions(ResumeSource.NONE, null);
        }
        if (reader.is(OptionKey.RESUME, "auto")) {
            return new ResumeOptions(ResumeSource.NEWEST, null);
        }
        return new ResumeOptions(ResumeSource.IMAGE, reader.path(OptionKey.RESUME));
    }
}
