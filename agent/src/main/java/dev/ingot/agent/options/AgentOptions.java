package dev.ingot.agent.options;

import dev.ingot.agent.OptionsException;
import org.jspecify.annotations.Nullable;

/**
 * Everything the user can ask of the agent.
 *
 * @param images where images are kept and under which name
 * @param trigger when checkpoints happen by themselves
 * @param resume what to resume, if anything
 * @param capture how a checkpoint is taken
 * @param weaving which classes are woven
 * @param control how the program is reached from outside
 * @param log how much the agent says, and where
 */
public record AgentOptions(
        ImageOptions images,
        TriggerOptions trigger,
        ResumeOptions resume,
        CaptureOptions capture,
        WeavingOptions weaving,
        ControlOptions control,
        LogOptions log) {

    /**
     * Parses {@code key=value} pairs between commas; a comma within a value is written {@code \,}.
     *
     * @param text what follows {@code -javaagent:JAR=}, or {@code null} or empty for all defaults
     * @throws OptionsException if anything in the text cannot be understood; it names every problem
     */
    public static AgentOptions parse(@Nullable String text) {
        var reader = new OptionReader(text == null ? "" : text);
        var options = new AgentOptions(
                ImageOptions.read(reader),
                TriggerOptions.read(reader),
                ResumeOptions.read(reader),
                CaptureOptions.read(reader),
                WeavingOptions.read(reader),
                ControlOptions.read(reader),
                LogOptions.read(reader));
        reader.finish();
        return options;
    }
}
