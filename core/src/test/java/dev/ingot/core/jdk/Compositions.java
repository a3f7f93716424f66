package dev.ingot.core.jdk;

import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.SwitchPoint;
import java.lang.invoke.VarHandle;
import java.lang.invoke.VolatileCallSite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Makes method handles of one type by putting others together at random; the same seed makes the same handle. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by name, called with all that there is
final class Compositions {
    static final MethodType TYPE =
            MethodType.methodType(Object.class, int.class, long.class, String.class, Object.class);

    private static final Lookup LOOKUP = MethodHandles.lookup();
    private static final int DEEPEST = 3;

    private final Random random;

    Compositions(long seed) {
        random = new Random(seed);
    }

    /** What calling {@code handle} with a few sets of arguments gives or throws. */
    static List<String> answers(MethodHandle handle) {
        List<String> answers = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            answers.add(answer(handle, round, 5L - round, "text" + round, List.of(round)));
        }
        return answers;
    }

    private static String answer(MethodHandle handle, int number, long wide, String text, Object any) {
        try {
            return String.valueOf((Object) handle.invokeExact(number, wide, text, any));
        } catch (Throwable thrown) {
            return thrown.toString();
        }
    }

    MethodHandle make() throws ReflectiveOperationException {
        return make(0);
    }

    private MethodHandle make(int depth) throws ReflectiveOperationException {
        MethodHandle made = own("base");
        for (int layers = 1 + random.nextInt(4); layers > 0; layers--) {
            made = layer(made, depth);
        }
        if (!made.type().equals(TYPE)) {
            throw new AssertionError("a layer has changed the type to " + made.type());
        }
        return made;
    }

    private MethodHandle other(int depth) throws ReflectiveOperationException {
        return depth < DEEPEST ? make(depth + 1) : own("base");
    }

    private MethodHandle layer(MethodHandle inner, int depth) throws ReflectiveOperationException {
        return switch (random.nextInt(30)) {
            case 0 ->
                MethodHandles.dropArguments(MethodHandles.insertArguments(inner, 0, random.nextInt()), 0, int.class);
            case 1 ->
                MethodHandles.dropArguments(MethodHandles.insertArguments(inner, 1, random.nextLong()), 1, long.class);
            case 2 ->
                MethodHandles.dropArguments(
                        MethodHandles.insertArguments(inner, 1, 7L, "in"), 1, long.class, String.class);
            case 3 -> MethodHandles.filterReturnValue(inner, own("marked"));
            case 4 -> MethodHandles.filterArguments(inner, 0, own("next"), null, own("loud"));
            case 5 -> MethodHandles.guardWithTest(own("isEven"), inner, other(depth));
            case 6 -> inner.asType(TYPE.generic()).asType(TYPE);
            case 7 -> MethodHandles.foldArguments(MethodHandles.dropArguments(inner, 0, String.class), own("label"));
            case 8 ->
                MethodHandles.permuteArguments(
                        MethodHandles.dropArguments(inner, 2, int.class, Object.class), TYPE, 0, 1, 0, 3, 2, 3);
            case 9 ->
                inner.asSpreader(Object[].class, 4)
                        .asCollector(Object[].class, 4)
                        .asType(TYPE);
            case 10 ->
                MethodHandles.catchException(
                        MethodHandles.filterReturnValue(inner, own("failing")),
                        IllegalStateException.class,
                        own("caught"));
            case 11 -> MethodHandles.countedLoop(MethodHandles.constant(int.class, 3), inner, own("step"));
            case 12 -> MethodHandles.tryFinally(inner, own("finished"));
            case 13 ->
                MethodHandles.collectArguments(
                        MethodHandles.dropArguments(inner, 2, String.class)
                                .asType(TYPE.insertParameterTypes(2, String.class)),
                        2,
                        MethodHandles.constant(String.class, "collected"));
            case 14 -> new MutableCallSite(inner).dynamicInvoker();
            case 15 -> new VolatileCallSite(inner).dynamicInvoker();
            case 16 -> new ConstantCallSite(inner).dynamicInvoker();
            case 17 -> MethodHandles.exactInvoker(TYPE).bindTo(inner);
            case 18 -> MethodHandles.invoker(TYPE).bindTo(inner);
            case 19 ->
                MethodHandles.spreadInvoker(TYPE, 1)
                        .bindTo(inner)
                        .asCollector(Object[].class, 3)
                        .asType(TYPE);
            case 20 ->
                MethodHandles.explicitCastArguments(
                        MethodHandles.explicitCastArguments(inner, TYPE.changeParameterType(0, byte.class)), TYPE);
            case 21 -> switched(inner, other(depth));
            case 22 ->
                MethodHandles.insertArguments(
                        MethodHandles.tableSwitch(
                                MethodHandles.dropArguments(inner, 0, int.class),
                                MethodHandles.dropArguments(other(depth), 0, int.class),
                                MethodHandles.dropArguments(own("base"), 0, int.class)),
                        0,
                        random.nextInt(3));
            case 23 ->
                MethodHandles.iteratedLoop(
                        own("numbers"),
                        MethodHandles.dropArguments(
                                MethodHandles.constant(Object.class, "start"), 0, TYPE.parameterList()),
                        own("visit"));
            case 24 -> variableArity(inner);
            case 25 -> new Holder(inner, random.nextInt(100)).handle();
            case 26 -> throughVariable(inner);
            case 27 -> warm(inner);
            case 28 ->
                MethodHandles.filterArguments(
                        inner,
                        3,
                        MethodHandles.insertArguments(MethodHandles.arrayElementGetter(Object[].class), 1, 0)
                                .asCollector(Object[].class, 1));
            default ->
                MethodHandles.doWhileLoop(
                        MethodHandles.dropArguments(MethodHandles.zero(Object.class), 0, TYPE.parameterList()),
                        own("step2"),
                        own("isShort"));
        };
    }

    private MethodHandle switched(MethodHandle inner, MethodHandle other) {
        SwitchPoint point = new SwitchPoint();
        MethodHandle switched = point.guardWithTest(inner, other);
        if (random.nextBoolean()) {
            SwitchPoint.invalidateAll(new SwitchPoint[] {point});
        }
        return switched;
    }

    private static MethodHandle variableArity(MethodHandle inner) {
        MethodHandle spread = inner.asSpreader(Object[].class, 3);
        return spread.withVarargs(true).asType(TYPE);
    }

    private static MethodHandle throughVariable(MethodHandle inner) {
        VarHandle elements = MethodHandles.arrayElementVarHandle(Object[].class);
        Object[] array = {inner};
        MethodHandle get =
                MethodHandles.insertArguments(elements.toMethodHandle(VarHandle.AccessMode.GET_VOLATILE), 0, array, 0);
        return MethodHandles.foldArguments(
                MethodHandles.exactInvoker(TYPE), get.asType(MethodType.methodType(MethodHandle.class)));
    }

    /** A handle called often has been given code of its own. */
    private static MethodHandle warm(MethodHandle inner) {
        for (int call = 0; call < 200; call++) {
            answer(inner, call, call, "warm", null);
        }
        return inner;
    }

    private static MethodHandle own(String name) throws ReflectiveOperationException {
        for (java.lang.reflect.Method method : Compositions.class.getDeclaredMethods()) {
            if (method.getName().equals(name) && java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
                return LOOKUP.unreflect(method);
            }
        }
        throw new NoSuchMethodException(name);
    }

    static Object base(int number, long wide, String text, Object any) {
        return number + "," + wide + "," + text + "," + any;
    }

    static Object marked(Object value) {
        return "<" + value + ">";
    }

    static int next(int number) {
        return number + 1;
    }

    static String loud(String text) {
        return text + "!";
    }

    static boolean isEven(int number, long wide, String text) {
        return (number & 1) == 0;
    }

    static String label(int number, long wide, String text) {
        return number + "/" + wide + "/" + text;
    }

    static Object failing(Object value) {
        if (String.valueOf(value).hashCode() % 2 == 0) {
            throw new IllegalStateException("fails on " + value);
        }
        return value;
    }

    static Object caught(IllegalStateException thrown, int number, long wide) {
        return "caught " + thrown.getMessage() + number + wide;
    }

    static Object step(Object before, int index, int number, long wide, String text, Object any) {
        return before + "-" + index + text;
    }

    static Object finished(Throwable thrown, Object result, int number) throws Throwable {
        return thrown == null ? result + " finished" : "failed " + thrown.getMessage();
    }

    static Iterator<Object> numbers(int number, long wide, String text, Object any) {
        return Arrays.<Object>asList(number, wide, text).iterator();
    }

    static Object visit(Object before, Object element, int number, long wide, String text, Object any) {
        return before + "+" + element;
    }

    static Object step2(Object before, int number, long wide, String text, Object any) {
        return before + text;
    }

    static boolean isShort(Object before, int number, long wide, String text, Object any) {
        return String.valueOf(before).length() < 12;
    }

    /** Holds a handle that is bound to its holder. */
    static final class Holder {
        private final MethodHandle inner;
        private final int number;
        private final MethodHandle bound;

        Holder(MethodHandle inner, int number) throws ReflectiveOperationException {
            this.inner = inner;
            this.number = number;
            bound = LOOKUP.findVirtual(Holder.class, "call", TYPE).bindTo(this);
        }

        MethodHandle handle() {
            return bound;
        }

        Object call(int given, long wide, String text, Object any) throws Throwable {
            return "held " + (bound == null) + (Object) inner.invokeExact(given + number, wide, text, any);
        }
    }
}
