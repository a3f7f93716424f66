package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Leaf;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resolvers and codecs of this package. */
public final class InvokeCodecs {

    private InvokeCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(
                new MethodTypeLeaf(),
                new LookupLeaf(),
                new MethodHandleResolver(),
                new VarHandleResolver(),
                new FieldUpdaterResolver());
    }

    public static List<ObjectCodec<?>> codecs() {
        return List.of(
                new VariableArityCodec(),
                new ComposedHandleCodec(),
                new ComposedVarHandleCodec(),
                new LambdaFormCodec(),
                new SwitchPointCodec(),
                new CallSiteCodec());
    }

    private static final class MethodTypeLeaf extends Leaf<MethodType> {
        MethodTypeLeaf() {
            super("java.lang.invoke.MethodType", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(MethodType type) {
            return new Object[] {type.returnType(), type.parameterArray()};
        }

        @Override
        protected MethodType find(Parts parts) throws NotRestorableException {
            return MethodType.methodType(parts.get(0, Class.class), parts.classes(1));
        }
    }

    private static final class LookupLeaf extends Leaf<Lookup> {
        private static final Slot MODES = Slot.of(Lookup.class, "allowedModes");
        private static final HiddenMethod NEW =
                HiddenMethod.constructor(Lookup.class, Class.class, Class.class, int.class);

        LookupLeaf() {
            super("java.lang.invoke.MethodHandles$Lookup", Range.TYPE);
        }

        @Override
        public @Nullable Object[] describe(Lookup lookup) {
            return new @Nullable Object[] {lookup.lookupClass(), MODES.getInt(lookup), lookup.previousLookupClass()};
        }

        @Override
        protected Lookup find(Parts parts) throws NotRestorableException {
            return (Lookup)
                    NEW.make(parts.get(0, Class.class), parts.find(2, Class.class), parts.get(1, Integer.class));
        }
    }
}
