package dev.ingot.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** Where {@link IngotAgent} hands over: the first class of Ingot in its own loader. */
public final class HiddenEntry {
    private HiddenEntry() {}

    /** Starts Ingot before the program. */
    public static void premain(@Nullable String options, Instrumentation instrumentation) throws IOException {
        RuntimeInstaller.install(instrumentation);
        AgentMain.start(options, instrumentation, true);
    }

    /** Starts Ingot in a program that runs. */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) throws IOException {
        RuntimeInstaller.install(instrumentation);
        AgentMain.start(options, instrumentation, false);
    }
}
