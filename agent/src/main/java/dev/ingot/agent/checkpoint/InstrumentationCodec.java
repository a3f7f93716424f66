package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.image.AgentArgument;
import dev.ingot.core.jdk.access.NamedFields;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/**
 * What agents were given to ask the JVM about classes and to change them. It leads to native memory of its JVM.
 *
 * <p>An agent of the command line is started again in a fresh JVM. What it keeps in the program's class loader is carried, and its
 * instrumentation becomes another one for the fresh JVM: it answers as before, and a transformer that is added to it transforms. What it had
 * added before the image is what its start adds in the fresh JVM.
 *
 * <p>What a program was given by attaching an agent to its own JVM, as Mockito's inline mocks do, is refused: a fresh JVM knows neither the
 * changes nor the classes that were added to its boot loader for them.
 */
final class InstrumentationCodec implements ObjectCodec<Instrumentation> {
    private static final Object[] NOTHING = {};

    private final Instrumentation own;

    /** @param own Ingot's in this JVM */
    InstrumentationCodec(Instrumentation own) {
        this.own = own;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type == own.getClass();
    }

    @Override
    public @Nullable Object[] capture(Instrumentation object) throws NotCapturableException {
        if (!AgentArgument.namesOther(VM.getRuntimeArguments(), Path.of("").toAbsolutePath())) {
            throw new NotCapturableException(
                    "cannot carry the Instrumentation of an agent that the program has attached to its own JVM: a fresh JVM does not"
                            + " know what it has changed of classes. With Mockito, take the checkpoint outside of tests with inline mocks, or"
                            + " use its mock maker mock-maker-subclass (artifact mockito-subclass)");
        }
        return NOTHING;
    }

    @Override
    public void restore(Instrumentation object, @Nullable Object[] state) {
        NamedFields.set(object, own.getClass(), NamedFields.of(own, own.getClass()));
    }
}
