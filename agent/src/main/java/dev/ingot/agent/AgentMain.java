package dev.ingot.agent;

import dev.ingot.agent.checkpoint.AgentContext;
import dev.ingot.agent.checkpoint.Workload;
import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.observe.Observer;
import dev.ingot.agent.options.AgentOptions;
import dev.ingot.agent.options.ResumeSource;
import dev.ingot.agent.transform.ClassFileRecorder;
import dev.ingot.agent.transform.Coordination;
import dev.ingot.agent.transform.HiddenClassRecorder;
import dev.ingot.agent.transform.InitializedClasses;
import dev.ingot.agent.transform.ResumableMethods;
import dev.ingot.agent.transform.Retransformer;
import dev.ingot.agent.transform.WeavingTransformer;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.io.StandardStreams;
import dev.ingot.runtime.HiddenClasses;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** Starts Ingot within its own class loader; called by {@link IngotAgent}. */
public final class AgentMain {
    private static final int EXIT_NOT_RESUMED = 1;

    private AgentMain() {}

    /**
     * Starts the agent.
     *
     * @param text the option string
     * @param premain whether the program has not started yet
     * @throws OptionsException if the options cannot be understood; nothing was started then
     */
    public static void start(@Nullable String text, Instrumentation instrumentation, boolean premain) {
        AgentOptions options = AgentOptions.parse(text);
        AgentLog log = AgentLog.toStderr(options.log());
        try {
            AgentContext context = weave(options, log, instrumentation);
            new Workload(context).start();
            context.transformer().programStarts();
        } catch (NotRestorableException | IOException | RuntimeException | Error failure) {
            log.error(String.valueOf(failure.getMessage()), failure);
            if (options.resume().source() != ResumeSource.NONE) {
                // Going on would start the program anew where the user asked for the one in the image.
                Runtime.getRuntime().halt(EXIT_NOT_RESUMED);
            }
        }
    }

    private static AgentContext weave(AgentOptions options, AgentLog log, Instrumentation instrumentation) {
        ResumableMethods resumable = new ResumableMethods();
        InitializedClasses initialized = new InitializedClasses();
        ClassFileRecorder classFiles = new ClassFileRecorder();
        HiddenClassRecorder hiddenClasses = new HiddenClassRecorder(log);
        StandardStreams streams = StandardStreams.ofThisJvm(AgentContext.filePolicy(options));
        Coordination coordination = new Coordination(log);
        WeavingTransformer transformer =
                new WeavingTransformer(options.weaving(), resumable, initialized, classFiles, coordination, log);
        transformer.loadCachedClasses();
        instrumentation.addTransformer(transformer, true);
        HiddenClasses.listener(hiddenClasses);
        Retransformer retransformer = new Retransformer(instrumentation, resumable, log);
        retransformer.weaveLoadedJdkClasses();
        return new AgentContext(
                options,
                log,
                Observer.of(log),
                instrumentation,
                transformer,
                classFiles,
                hiddenClasses,
                initialized,
                resumable,
                retransformer,
                coordination,
                streams,
                Thread.currentThread());
    }
}
