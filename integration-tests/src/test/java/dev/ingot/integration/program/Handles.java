package dev.ingot.integration.program;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.SwitchPoint;

/** Method handles put together from others, kept in static fields and standing on the stack. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by name
public final class Handles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType WORK = MethodType.methodType(long.class, String.class, int.class);
    private static final MethodHandle WORKED = own("work", WORK);
    private static final MethodHandle FILTERED =
            MethodHandles.filterArguments(WORKED, 0, own("loud", MethodType.methodType(String.class, String.class)));
    private static final MethodHandle FOLDED = MethodHandles.foldArguments(
            MethodHandles.exactInvoker(WORK), own("choose", WORK.changeReturnType(MethodHandle.class)));
    private static final MethodHandle TOLD =
            MethodHandles.filterReturnValue(WORKED, own("tell", MethodType.methodType(String.class, long.class)));
    private static final MethodHandle GUARDED = MethodHandles.catchException(
            TOLD,
            IllegalStateException.class,
            own("caught", TOLD.type().insertParameterTypes(0, IllegalStateException.class)));
    /** Has done what cannot be done again, above one that is not done yet. */
    private static final MethodHandle GUARDED_FILTERED = MethodHandles.catchException(
            FILTERED,
            IllegalStateException.class,
            MethodHandles.dropArguments(
                    MethodHandles.constant(long.class, -1L), 0, IllegalStateException.class, String.class, int.class));

    private static final MethodHandle FINISHED = MethodHandles.tryFinally(
            GUARDED, own("finished", TOLD.type().insertParameterTypes(0, Throwable.class, String.class)));
    private static final MethodHandle FOLDED_ALL = MethodHandles.foldArguments(
            MethodHandles.exactInvoker(FINISHED.type()),
            MethodHandles.dropArguments(MethodHandles.constant(MethodHandle.class, FINISHED), 0, WORK.parameterList()));
    /** Bound to its caller, which it asks for, by a hidden class of the JDK. */
    private static final MethodHandle FIND = findClass();

    private static final MutableCallSite SITE = new MutableCallSite(MethodHandles.constant(String.class, "first"));
    private static final MethodHandle CALL = SITE.dynamicInvoker();
    private static final SwitchPoint SWITCH = new SwitchPoint();
    private static final MethodHandle SWITCHED = SWITCH.guardWithTest(
            MethodHandles.constant(String.class, "valid"), MethodHandles.constant(String.class, "invalid"));

    private Handles() {}

    public static void main(String[] arguments) throws Throwable {
        for (int round = 0; round < Pace.ROUNDS / 4; round++) {
            MethodHandle bound = MethodHandles.insertArguments(WORKED, 1, round);
            Pace.say((long) bound.invokeExact("bound"));
            Pace.say((long) FILTERED.invokeExact("filtered", round));
            Pace.say((long) FOLDED.invokeExact("folded", round));
            Pace.say((long) GUARDED_FILTERED.invokeExact("guarded", round));
            Pace.say((String) FINISHED.invokeExact("finished", round));
            Pace.say((String) FOLDED_ALL.invokeExact("all", round));
            Pace.say((Object) FINISHED.invoke((Object) "converted", (byte) round));
            Pace.say(FINISHED.invokeWithArguments("arguments", round));
            Pace.say((Class<?>) FIND.invokeExact(Pace.class.getName()));
            Pace.say((String) CALL.invokeExact() + (String) SWITCHED.invokeExact());
            if (round == Pace.ROUNDS / 8) {
                SITE.setTarget(MethodHandles.constant(String.class, "second"));
                SwitchPoint.invalidateAll(new SwitchPoint[] {SWITCH});
            }
        }
    }

    private static MethodHandle findClass() {
        try {
            return LOOKUP.findStatic(Class.class, "forName", MethodType.methodType(Class.class, String.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle own(String name, MethodType type) {
        try {
            return LOOKUP.findStatic(Handles.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long work(String how, int number) {
        long sum = how.length();
        for (int step = 0; step < 3; step++) {
            Pace.step();
            sum = sum * 31 + number;
        }
        if (number % 5 == 4 && !how.startsWith("b") && !how.startsWith("f")) {
            Pace.say(how + " fails");
            throw new IllegalStateException(how);
        }
        return sum;
    }

    private static String loud(String text) {
        Pace.say("louder");
        return text + "!";
    }

    private static MethodHandle choose(String how, int number) {
        Pace.step();
        return number % 2 == 0 ? WORKED : FILTERED;
    }

    private static String tell(long value) {
        Pace.step();
        return "<" + value + ">";
    }

    private static String caught(IllegalStateException thrown, String how, int number) {
        Pace.step();
        return "caught " + thrown.getMessage();
    }

    private static String finished(Throwable thrown, String result, String how, int number) {
        return result + (thrown == null ? " well" : " badly");
    }
}
