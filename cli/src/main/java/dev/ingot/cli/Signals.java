package dev.ingot.cli;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals to this process. By reflection: the compiler warns of the JDK's signal classes, which every JDK has and which have no
 * substitute.
 */
final class Signals {
    private Signals() {}

    /** Has {@code handler} called with the name of a signal, such as {@code TERM}, in place of what the JVM does. */
    static void handle(String name, Consumer<String> handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            handler.accept(name);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, type)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException unavailable) {
            throw new IllegalStateException("cannot handle SIG" + name + " on this JDK", unavailable);
        }
    }
}
