package dev.ingot.agent.options;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to resume.
 *
 * @param source how the image is chosen
 * @param image absolute path of the image, present exactly where the source is {@link ResumeSource#IMAGE}
 * @param devices by which accelerator another one is replaced; either is a device's name, its provider's or a kind
 */
public record ResumeOptions(ResumeSource source, @Nullable Path image, Map<String, String> devices) {

    public ResumeOptions {
        devices = Map.copyOf(devices);
        if ((source == ResumeSource.IMAGE) != (image != null)) {
            throw new IllegalArgumentException("resume source " + source + " cannot have image " + image);
        }
    }

    static ResumeOptions read(OptionReader reader) {
        Map<String, String> devices = reader.replacements(OptionKey.DEVICES);
        if (reader.isOff(OptionKey.RESUME)) {
            return new ResumeOptions(ResumeSource.NONE, null, devices);
        }
        if (reader.is(OptionKey.RESUME, "auto")) {
            return new ResumeOptions(ResumeSource.NEWEST, null, devices);
        }
        return new ResumeOptions(ResumeSource.IMAGE, reader.path(OptionKey.RESUME), devices);
    }
}
