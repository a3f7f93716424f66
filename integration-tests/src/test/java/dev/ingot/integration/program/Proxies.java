package dev.ingot.integration.program;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** Calls methods of proxies, which have to arrive at the handler as the methods they are, also from within a call. */
public final class Proxies {
    private Proxies() {}

    /** What the proxy's own interface inherits. */
    public interface Chords {
        default String chord(int size) {
            Pace.step();
            return "chord of " + size;
        }
    }

    /** Enough methods for their order to matter. */
    public interface Notes extends Chords {
        String c();

        String d();

        String e();

        String f();

        String g();

        String a();

        String b(int octave);

        String b(String accidental);
    }

    public static void main(String[] arguments) {
        // Nothing of its class is in an image, so that a fresh JVM numbers the next one otherwise.
        Runnable forgotten = (Runnable) Proxy.newProxyInstance(
                Proxies.class.getClassLoader(), new Class<?>[] {Runnable.class}, (proxy, method, values) -> null);
        forgotten.run();
        Notes notes = (Notes) Proxy.newProxyInstance(
                Proxies.class.getClassLoader(), new Class<?>[] {Notes.class}, (proxy, method, values) -> {
                    Pace.step();
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(proxy, method, values);
                    }
                    return method.getName() + (values == null ? "" : values[0]);
                });
        for (int round = 0; round < Pace.ROUNDS / 6; round++) {
            Pace.say(notes.a()
                    + notes.b(round)
                    + notes.b("flat")
                    + notes.c()
                    + notes.d()
                    + notes.e()
                    + notes.f()
                    + notes.g()
                    + notes.chord(round));
        }
    }
}
