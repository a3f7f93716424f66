package dev.ingot.agent.checkpoint;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.observe.Observer;
import dev.ingot.agent.options.AgentOptions;
import dev.ingot.agent.transform.ClassFileRecorder;
import dev.ingot.agent.transform.Coordination;
import dev.ingot.agent.transform.HiddenClassRecorder;
import dev.ingot.agent.transform.InitializedClasses;
import dev.ingot.agent.transform.ResumableMethods;
import dev.ingot.agent.transform.Retransformer;
import dev.ingot.agent.transform.WeavingTransformer;
import dev.ingot.agent.weave.Weaver;
import dev.ingot.core.image.ImageName;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.jdk.io.FilePolicy;
import dev.ingot.core.jdk.io.StandardStreams;
import java.lang.instrument.Instrumentation;

/**
 * What checkpoint and resume share. Made once, on the main thread before the program's {@code main}, while the standard
 * streams are still the JVM's own.
 *
 * @param mainThread the thread that calls the program's {@code main}
 */
public record AgentContext(
        AgentOptions options,
        AgentLog log,
        Observer observer,
        Instrumentation instrumentation,
        WeavingTransformer transformer,
        ClassFileRecorder classFiles,
        HiddenClassRecorder hiddenClasses,
        InitializedClasses initialized,
        ResumableMethods resumable,
        Retransformer retransformer,
        Coordination coordination,
        StandardStreams streams,
        Thread mainThread) {

    /** The policy for open files that the options ask for. */
    public static FilePolicy filePolicy(AgentOptions options) {
        boolean accept = options.capture().files() == dev.ingot.agent.options.FilePolicy.ACCEPT;
        return new FilePolicy(accept, FilePolicy.strict().carriedBytes());
    }

    FilePolicy filePolicy() {
        return filePolicy(options);
    }

    LoadedProgram program() {
        return new LoadedProgram(instrumentation, transformer, classFiles, hiddenClasses);
    }

    String imageName(ProcessDescription process) {
        String name = options.images().name();
        return name == null ? ImageName.derive(process.main()) : name;
    }

    String version() {
        return AgentJar.version();
    }

    String weaverVersion() {
        return Integer.toString(Weaver.VERSION);
    }
}
