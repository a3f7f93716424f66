package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.image.AgentArgument;
import dev.ingot.core.jdk.access.NamedFields;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a program that has attached an agent to its own JVM was given to change classes with, as Mockito's inline mocks do: a
 * fresh JVM knows neither the changes nor the classes that were added to its boot loader for them. An agent of the command line is started
 * again in the fresh JVM, and what it keeps in the program's class loader is carried.
 */
final class InstrumentationCodec implements ObjectCodec<Object> {
    private static final String INSTRUMENTATION = "sun.instrument.InstrumentationImpl";
    private static final String AGENT = "-javaagent:";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getClassLoader() == null && type.getName().equals(INSTRUMENTATION);
    }

    @Override
    public @Nullable Object[] capture(Object object) throws NotCapturableException {
        if (!hasOtherAgent(
                jdk.internal.misc.VM.getRuntimeArguments(), Path.of("").toAbsolutePath())) {
            throw new NotCapturableException(
                    "cannot carry the Instrumentation of an agent that the program has attached to its own JVM: a fresh JVM does not"
                            + " know what it has changed of classes. With Mockito, take the checkpoint outside of tests with inline mocks, or"
                            + " use its mock maker mock-maker-subclass (artifact mockito-subclass)");
        }
        return NamedFields.of(object, object.getClass());
    }

    static boolean hasOtherAgent(String[] arguments, Path workingDirectory) {
        for (String argument : arguments) {
            if (argument.startsWith(AGENT) && AgentArgument.parse(argument, workingDirectory) == null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void restore(Object object, @Nullable Object[] state) {
        NamedFields.set(object, object.getClass(), state);
    }
}
