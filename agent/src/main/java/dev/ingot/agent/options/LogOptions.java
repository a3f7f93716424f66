package dev.ingot.agent.options;

import dev.ingot.agent.log.LogLevel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says of itself.
 *
 * @param level how much
 * @param file absolute path of the file that receives it, or {@code null} for stderr
 */
public record LogOptions(LogLevel level, @Nullable Path file) {

    static LogOptions read(OptionReader reader) {
        LogLevel level = reader.choice(OptionKey.LOG, LogLevel.values());
        return new LogOptions(level, reader.is(OptionKey.LOG_FILE, "stderr") ? null : reader.path(OptionKey.LOG_FILE));
    }
}
