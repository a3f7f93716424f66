package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.BoundSpecies;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The names of a lambda form: its parameters and, after them, calls whose arguments are constants or earlier names. */
final class FormNames {
    private static final Class<?> NAME = JdkClass.of("java.lang.invoke.LambdaForm$Name");
    private static final Class<?> BASIC_TYPE = JdkClass.of("java.lang.invoke.LambdaForm$BasicType");
    private static final Class<?> SPECIES = JdkClass.of("java.lang.invoke.ClassSpecializer$SpeciesData");

    private static final Slot TYPE_FIELD = Slot.of(NAME, "type");
    private static final Slot INDEX_FIELD = Slot.of(NAME, "index");
    private static final Slot FUNCTION_FIELD = Slot.of(NAME, "function");
    private static final Slot ARGUMENTS_FIELD = Slot.of(NAME, "arguments");
    private static final Slot CONSTRAINT_FIELD = Slot.of(NAME, "constraint");
    private static final HiddenMethod KEY = HiddenMethod.of(SPECIES, "key");
    private static final HiddenMethod BASIC_TYPE_OF = HiddenMethod.of(BASIC_TYPE, "valueOf", String.class);
    private static final HiddenMethod NEW_PARAMETER = HiddenMethod.constructor(NAME, int.class, BASIC_TYPE);
    private static final HiddenMethod NEW_CALL = HiddenMethod.constructor(NAME, FormFunction.TYPE, Object[].class);
    private static final HiddenMethod WITH_CONSTRAINT = HiddenMethod.of(NAME, "withConstraint", Object.class);
    private static final HiddenMethod WITH_INDEX = withIndex();

    private static final int TYPE = 0;
    private static final int CONSTRAINT = 1;
    private static final int FUNCTION = 2;
    private static final int CONSTANTS = 3;
    private static final int REFERENCES = 4;
    /** Among references: the argument is a constant. */
    private static final int CONSTANT = -1;

    private FormNames() {}

    /** The names as arrays, of types, constraints, functions, constants, and numbers of names. */
    static Object[] describe(@Nullable Object @Nullable [] names) throws NotCapturableException {
        Object[] present = Objects.requireNonNull(names);
        Object[] described = new Object[present.length];
        for (int index = 0; index < present.length; index++) {
            described[index] = describe(present, present[index]);
        }
        return described;
    }

    private static @Nullable Object[] describe(Object[] names, Object name) throws NotCapturableException {
        Object function = FUNCTION_FIELD.get(name);
        Object[] arguments = ARGUMENTS_FIELD.get(name, Object[].class);
        if (function == null || arguments == null) {
            return new @Nullable Object[] {String.valueOf(TYPE_FIELD.get(name)), constraint(CONSTRAINT_FIELD.get(name))
            };
        }
        @Nullable Object[] constants = new @Nullable Object[arguments.length];
        int[] references = new int[arguments.length];
        for (int index = 0; index < arguments.length; index++) {
            Object argument = arguments[index];
            boolean isName = NAME.isInstance(argument);
            constants[index] = isName ? null : argument;
            references[index] = isName ? indexOf(names, argument) : CONSTANT;
        }
        return new @Nullable Object[] {
            String.valueOf(TYPE_FIELD.get(name)), null, FormFunction.describe(function), constants, references
        };
    }

    private static @Nullable Object constraint(@Nullable Object constraint) throws NotCapturableException {
        if (constraint == null || constraint instanceof Class) {
            return constraint;
        }
        if (SPECIES.isInstance(constraint)) {
            return KEY.call(constraint);
        }
        throw new NotCapturableException("cannot capture a method handle: a parameter of its code is constrained to "
                + constraint + "; Ingot knows the class libraries of JDK 17 to 25");
    }

    private static int indexOf(Object[] names, Object name) throws NotCapturableException {
        for (int index = 0; index < names.length; index++) {
            if (names[index] == name) {
                return index;
            }
        }
        // Parameters may be shared between forms; then the number counts.
        int index = INDEX_FIELD.getInt(name);
        if (index >= 0 && index < names.length) {
            return index;
        }
        throw new NotCapturableException("cannot capture a method handle: its code refers to a value outside it");
    }

    /** The names that {@code described} describes, as the array a form is made from. */
    static Object[] make(Object[] described) throws NotRestorableException {
        Object[] names = (Object[]) Array.newInstance(NAME, described.length);
        for (int index = 0; index < names.length; index++) {
            names[index] = make(new Parts("lambda form", (Object[]) described[index]), index, names);
        }
        return names;
    }

    private static Object make(Parts parts, int index, Object[] names) throws NotRestorableException {
        Object[] function = parts.find(FUNCTION, Object[].class);
        return function == null ? parameter(parts, index) : call(parts, function, index, names);
    }

    private static Object parameter(Parts parts, int index) throws NotRestorableException {
        Object type = BASIC_TYPE_OF.call(null, parts.get(TYPE, String.class));
        Object parameter = NEW_PARAMETER.make(index, type);
        Object constraint = parts.find(CONSTRAINT, Object.class);
        return constraint == null
                ? parameter
                : Objects.requireNonNull(WITH_CONSTRAINT.call(
                        parameter, constraint instanceof String key ? BoundSpecies.dataOf(key) : constraint));
    }

    private static Object call(Parts parts, Object[] function, int index, Object[] names)
            throws NotRestorableException {
        Object[] constants = parts.get(CONSTANTS, Object[].class);
        int[] references = parts.get(REFERENCES, int[].class);
        Object[] arguments = Arrays.copyOf(constants, constants.length, Object[].class);
        for (int at = 0; at < arguments.length; at++) {
            if (references[at] != CONSTANT) {
                arguments[at] = names[references[at]];
            }
        }
        Object name = NEW_CALL.make(FormFunction.make(function), arguments);
        return Objects.requireNonNull(WITH_INDEX.call(name, index));
    }

    /** Called otherwise up to version 21. */
    private static HiddenMethod withIndex() {
        HiddenMethod found = HiddenMethod.find(NAME, "withIndex", int.class);
        return found != null ? found : HiddenMethod.of(NAME, "newIndex", int.class);
    }
}
