package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.ClassAccess;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The innermost handle of a call of native functions: machine code that moves arguments to where the platform's convention wants
 * them. It is made anew from what it was made of, which the JDK remembers; addresses of functions are arguments.
 */
final class NativeCallResolver implements ObjectResolver<MethodHandle> {
    private static final String HANDLE = "java.lang.invoke.NativeMethodHandle";
    private static final String ABI_PACKAGE = "jdk.internal.foreign.abi.";
    private static final String ENTRY = ABI_PACKAGE + "NativeEntryPoint";
    private static final String STORAGE = ABI_PACKAGE + "VMStorage";
    private static final String CONVENTION = ABI_PACKAGE + "ABIDescriptor";
    /** Where the calling conventions are kept of the platforms that Ingot runs on. */
    private static final String X86_64 = ABI_PACKAGE + "x64.sysv.CallArranger";

    private static final String AARCH64 = ABI_PACKAGE + "aarch64.CallArranger";

    private static final int PLATFORM = 0;
    private static final int TYPE = 1;
    private static final int ARGUMENTS = 2;
    private static final int RESULTS = 3;
    private static final int RETURN_BUFFER = 4;
    private static final int CAPTURED_STATE = 5;
    private static final int TRANSITION = 6;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(HANDLE);
    }

    @Override
    public Object[] describe(MethodHandle handle) throws NotCapturableException {
        Object entry = Slot.of(handle.getClass(), "nep").get(handle);
        Object key = entry == null ? null : keyOf(entry);
        if (key == null || part(key, "abi") != convention()) {
            throw new NotCapturableException("cannot capture the handle to native functions of type " + handle.type()
                    + ": what it was made of is not known in this JVM; let go of it before the checkpoint");
        }
        return new Object[] {
            platform(),
            part(key, "methodType"),
            storages((List<?>) part(key, "argMoves")),
            storages((List<?>) part(key, "retMoves")),
            part(key, "needsReturnBuffer"),
            part(key, "capturedStateMask"),
            part(key, "needsTransition")
        };
    }

    private static String platform() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }

    /** What the JDK made {@code entry} of. */
    private static @Nullable Object keyOf(Object entry) {
        Object cache = Slot.of(JdkClass.of(ENTRY), "NEP_CACHE").get(null);
        Object table = cache == null ? null : Slot.of(cache.getClass(), "cache").get(cache);
        if (table instanceof Map<?, ?> entries) {
            for (Map.Entry<?, ?> known : entries.entrySet()) {
                Object node = known.getValue();
                Object made = Slot.of(node.getClass(), "ref").get(node);
                if (made instanceof Reference<?> reference && reference.get() == entry) {
                    return known.getKey();
                }
            }
        }
        return null;
    }

    private static Object part(Object owner, String name) {
        return Objects.requireNonNull(Slot.of(owner.getClass(), name).get(owner), name);
    }

    /** The calling convention of this platform. */
    private static @Nullable Object convention() {
        Class<?> holder = JdkClass.of(System.getProperty("os.arch").equals("aarch64") ? AARCH64 : X86_64);
        ClassAccess.initialize(holder);
        for (Field field : Slot.declaredFields(holder)) {
            if (Modifier.isStatic(field.getModifiers())
                    && field.getType().getName().equals(CONVENTION)) {
                return Slot.of(field).get(null);
            }
        }
        return null;
    }

    private static Object[] storages(List<?> storages) {
        Object[] described = new Object[storages.size()];
        for (int index = 0; index < described.length; index++) {
            Object storage = storages.get(index);
            described[index] = new Object[] {
                part(storage, "type"),
                part(storage, "segmentMaskOrSize"),
                part(storage, "indexOrOffset"),
                Slot.of(storage.getClass(), "debugName").get(storage)
            };
        }
        return described;
    }

    @Override
    public MethodHandle resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("handle to native functions", description);
        MethodType called = parts.get(TYPE, MethodType.class);
        if (!parts.get(PLATFORM, String.class).equals(platform())) {
            throw new NotRestorableException("cannot restore a handle to native functions of type " + called
                    + ": it was made for " + parts.get(PLATFORM, String.class) + ", this is " + platform()
                    + "; resume on a machine of the same kind");
        }
        Object entry = make(parts, Objects.requireNonNull(convention(), CONVENTION), called);
        return (MethodHandle) Objects.requireNonNull(
                HiddenMethod.of(JdkClass.of(HANDLE), "make", JdkClass.of(ENTRY)).call(null, entry));
    }

    private static Object make(Parts parts, Object convention, MethodType called) throws NotRestorableException {
        Class<?> storages = JdkClass.of(STORAGE).arrayType();
        Class<?>[] common = {
            convention.getClass(), storages, storages, MethodType.class, boolean.class, int.class, boolean.class
        };
        Object[] arguments = {
            convention,
            storages(parts.get(ARGUMENTS, Object[].class)),
            storages(parts.get(RESULTS, Object[].class)),
            called,
            parts.get(RETURN_BUFFER, Boolean.class),
            parts.get(CAPTURED_STATE, Integer.class),
            parts.get(TRANSITION, Boolean.class)
        };
        HiddenMethod untilVersion22 = HiddenMethod.find(JdkClass.of(ENTRY), "make", common);
        if (untilVersion22 != null) {
            return Objects.requireNonNull(untilVersion22.call(null, arguments));
        }
        // Since version 23: whether what is captured of the platform's state may lie in the heap.
        Class<?>[] types = Arrays.copyOf(common, common.length + 1);
        types[common.length] = boolean.class;
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = parts.get(CAPTURED_STATE, Integer.class) != 0
                && called.parameterType(parts.get(RETURN_BUFFER, Boolean.class) ? 2 : 1) == Object.class;
        return Objects.requireNonNull(
                HiddenMethod.of(JdkClass.of(ENTRY), "make", types).call(null, all));
    }

    private static Object storages(Object[] described) throws NotRestorableException {
        Class<?> type = JdkClass.of(STORAGE);
        Object storages = Array.newInstance(type, described.length);
        HiddenMethod make = HiddenMethod.constructor(type, byte.class, short.class, int.class, String.class);
        for (int index = 0; index < described.length; index++) {
            Parts storage = new Parts("place of an argument", (Object[]) described[index]);
            Array.set(
                    storages,
                    index,
                    make.make(
                            storage.get(0, Byte.class),
                            storage.get(1, Short.class),
                            storage.get(2, Integer.class),
                            storage.find(3, String.class)));
        }
        return storages;
    }
}
