package dev.ingot.integration.program;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Is an agent too: asks the JVM all along how large objects are, and watches classes being loaded. Its main class was there before Ingot. */
public final class MeasuredObjects {
    private static final int ROUNDS_PER_CLASS = Pace.ROUNDS / 4;

    private static @Nullable Instrumentation instrumentation;

    private MeasuredObjects() {}

    public static void premain(String options, Instrumentation given) {
        instrumentation = given;
    }

    private static final class Watch implements ClassFileTransformer {
        private final List<String> seen = new ArrayList<>();

        @Override
        public byte @Nullable [] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
            if (name != null && name.contains("MeasuredObjects$Late")) {
                seen.add(name);
            }
            return null;
        }
    }

    static final class Late0 {}

    static final class Late1 {}

    static final class Late2 {}

    static final class Late3 {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Instrumentation own = instrumentation;
        if (own == null) {
            throw new IllegalStateException("started without its agent");
        }
        long bytes = 0;
        for (int round = 0; round < Pace.ROUNDS; round++) {
            bytes += own.getObjectSize(new byte[round]);
            Pace.say(round + " " + bytes + " " + own.isModifiableClass(MeasuredObjects.class));
            if (round % ROUNDS_PER_CLASS == 0) {
                Watch watch = new Watch();
                own.addTransformer(watch);
                Class.forName(MeasuredObjects.class.getName() + "$Late" + round / ROUNDS_PER_CLASS);
                System.out.println(watch.seen + " " + own.removeTransformer(watch));
            }
        }
    }
}
