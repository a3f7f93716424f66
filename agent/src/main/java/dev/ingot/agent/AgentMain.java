package dev.ingot.agent;

import dev.ingot.agent.checkpoint.AgentContext;
import dev.ingot.agent.checkpoint.NotResumed;
import dev.ingot.agent.checkpoint.Workload;
import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.observe.Observer;
import dev.ingot.agent.options.AgentOptions;
import dev.ingot.agent.options.LogOptions;
import dev.ingot.agent.options.ResumeSource;
import dev.ingot.agent.transform.ClassFileRecorder;
import dev.ingot.agent.transform.CompileLimit;
import dev.ingot.agent.transform.Coordination;
import dev.ingot.agent.transform.HiddenClassRecorder;
import dev.ingot.agent.transform.InitializedClasses;
import dev.ingot.agent.transform.ResumableMethods;
import dev.ingot.agent.transform.Retransformer;
import dev.ingot.agent.transform.WeavingTransformer;
import dev.ingot.agent.transform.WovenCaches;
import dev.ingot.core.control.Company;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.io.StandardStreams;
import dev.ingot.runtime.HiddenClasses;
import dev.ingot.runtime.OtherAgents;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts Ingot within its own class loader; called by {@link IngotAgent}. */
public final class AgentMain {
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
        AgentLog log = log(options.log());
        Company.begin();
        if (premain) {
            OtherAgents.programStartsIn(Thread.currentThread());
        }
        try {
            AgentContext context = weave(options, log, instrumentation);
            new Workload(context).start();
            context.transformer().programStarts();
            if (premain) {
                warnOfLaterAgents(log);
            }
        } catch (NotRestorableException | IOException | RuntimeException | Error failure) {
            log.error(String.valueOf(failure.getMessage()), failure);
            if (options.resume().source() != ResumeSource.NONE) {
                NotResumed.halt();
            }
        }
    }

    private static AgentLog log(LogOptions options) {
        Path file = options.file();
        return file == null ? AgentLog.toStderr(options.level()) : AgentLog.to(options.level(), file);
    }

    private static void warnOfLaterAgents(AgentLog log) {
        List<String> later = LaterAgents.ofThisJvm();
        if (!later.isEmpty()) {
            log.warn("threads in classes that " + String.join(", ", later)
                    + " changes cannot be captured, because it comes"
                    + " behind Ingot's agent; write Ingot's -javaagent last");
        }
    }

    private static AgentContext weave(AgentOptions options, AgentLog log, Instrumentation instrumentation) {
        ResumableMethods resumable = new ResumableMethods();
        InitializedClasses initialized = new InitializedClasses();
        ClassFileRecorder classFiles = new ClassFileRecorder();
        CompileLimit compileLimit = new CompileLimit(log);
        Observer observer = Observer.of(log);
        WovenCaches caches = WovenCaches.ofThisJvm(log);
        HiddenClassRecorder hiddenClasses = new HiddenClassRecorder(caches, compileLimit, log);
        StandardStreams streams = StandardStreams.ofThisJvm(AgentContext.filePolicy(options));
        Coordination coordination = new Coordination(log);
        WeavingTransformer transformer = new WeavingTransformer(
                options.weaving(),
                resumable,
                initialized,
                classFiles,
                coordination,
                compileLimit,
                caches,
                observer.weaving(),
                log);
        transformer.loadCachedClasses();
        transformer.recognizeAgents();
        instrumentation.addTransformer(transformer, true);
        HiddenClasses.listener(hiddenClasses);
        Retransformer retransformer = new Retransformer(instrumentation, transformer, resumable, log);
        retransformer.weaveLoadedJdkClasses();
        retransformer.weaveClassesOfOtherAgents();
        return new AgentContext(
                options,
                log,
                observer,
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
