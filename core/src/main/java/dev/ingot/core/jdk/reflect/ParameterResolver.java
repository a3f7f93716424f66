package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import org.jspecify.annotations.Nullable;

/** Parameters by method or constructor and position. */
final class ParameterResolver implements ObjectResolver<Parameter> {
    private static final Slot INDEX = Slot.of(Parameter.class, "index");

    @Override
    public boolean accepts(Class<?> type) {
        return type == Parameter.class;
    }

    @Override
    public Object[] describe(Parameter parameter) {
        return new Object[] {parameter.getDeclaringExecutable(), INDEX.getInt(parameter)};
    }

    @Override
    public Parameter resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("parameter", description);
        Executable executable = parts.get(0, Executable.class);
        int index = parts.get(1, Integer.class);
        Parameter[] parameters = executable.getParameters();
        if (index < 0 || index >= parameters.length) {
            throw new NotRestorableException("cannot restore parameter " + index + " of " + executable
                    + ", which the program" + " holds: it has " + parameters.length
                    + " parameters in this JVM; resume with the same class path and JDK");
        }
        return parameters[index];
    }
}
