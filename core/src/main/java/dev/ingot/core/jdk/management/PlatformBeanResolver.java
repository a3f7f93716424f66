package dev.ingot.core.jdk.management;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What tells a program about its JVM, such as {@code OperatingSystemMXBean}: the resumed program asks the JVM it is in. Loads no
 * class of {@code java.management} until it meets such an object, as a JVM may lack that module.
 */
final class PlatformBeanResolver implements ObjectResolver<PlatformManagedObject> {
    private static final String TYPE = "java.lang.management.PlatformManagedObject";

    @Override
    public boolean accepts(Class<?> type) {
        // A proxy, as by newPlatformMXBeanProxy, is an object like any other: what it holds leads to the server.
        return JdkClass.isJdk(type) && !Proxy.isProxyClass(type) && JdkClass.isImplementation(type, TYPE);
    }

    @Override
    public Object[] describe(PlatformManagedObject bean) {
        return new Object[] {bean.getObjectName().getCanonicalName()};
    }

    @Override
    public PlatformManagedObject resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        String name = new Parts(TYPE, description).get(0, String.class);
        for (Class<? extends PlatformManagedObject> kind : ManagementFactory.getPlatformManagementInterfaces()) {
            for (PlatformManagedObject bean : ManagementFactory.getPlatformMXBeans(kind)) {
                if (bean.getObjectName().getCanonicalName().equals(name)) {
                    return bean;
                }
            }
        }
        throw new NotRestorableException(
                "cannot restore the management bean " + name
                        + ", which the program holds: this JVM has none; resume with the same garbage collector and JVM options");
    }
}
