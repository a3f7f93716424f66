package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Modifier;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Arrays;
import java.util.Set;

/** The object through which {@code Thread.interrupt} reaches a channel or selector; it is made anew for each. */
final class ChannelInterruptor {
    /** Fields that belong to one JDK's way of interrupting. */
    static final Set<String> FIELDS = Set.of("interruptor", "interrupted", "interruptedTarget");

    private ChannelInterruptor() {}

    static void renew(AbstractInterruptibleChannel channel) {
        renew(channel, AbstractInterruptibleChannel.class);
    }

    static void renew(AbstractSelector selector) {
        renew(selector, AbstractSelector.class);
    }

    /** Earlier JDKs make it at the first blocking call, later ones in the constructor. */
    private static void renew(Object target, Class<?> holder) {
        if (!isMadeByConstructor(holder)) {
            return;
        }
        Class<?> type = JdkClass.of(holder.getName() + "$1");
        Object interruptor = JdkClass.allocate(type);
        Slot.of(type, "this$0").put(interruptor, target);
        Slot.of(holder, "interruptor").put(target, interruptor);
    }

    private static boolean isMadeByConstructor(Class<?> holder) {
        return Arrays.stream(Slot.declaredFields(holder))
                .anyMatch(field -> field.getName().equals("interruptor") && Modifier.isFinal(field.getModifiers()));
    }
}
