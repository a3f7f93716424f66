package dev.ingot.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which classes of the program are woven.
 *
 * @param include the classes to weave
 * @param exclude exceptions from these
 * @param dump absolute directory that receives the woven class files, or {@code null} for none
 */
public record WeavingOptions(
        NamePatterns include,
        NamePatterns exclude,
        @Nullable Path dump) {

    /** Whether the user wants this class woven; the name may be in either form, {@code a.b.C} or {@code a/b/C}. */
    public boolean weaves(String className) {
        return include.matches(className) && !exclude.matches(className);
    }

    static WeavingOptions read(OptionReader reader) {
        return new WeavingOptions(
                reader.classPatterns(OptionKey.INCLUDE),
                reader.classPatterns(OptionKey.EXCLUDE),
                reader.optionalPath(OptionKey.DUMP));
    }
}
