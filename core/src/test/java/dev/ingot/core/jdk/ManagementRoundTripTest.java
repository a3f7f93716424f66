package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.PlatformManagedObject;
import org.junit.jupiter.api.Test;

class ManagementRoundTripTest {

    @Test
    void findsTheBeansOfTheJvm() throws Exception {
        for (Class<? extends PlatformManagedObject> kind : ManagementFactory.getPlatformManagementInterfaces()) {
            for (PlatformManagedObject bean : ManagementFactory.getPlatformMXBeans(kind)) {
                assertThat(RoundTrip.resolved(bean)).isSameAs(bean);
            }
        }
    }

    @Test
    void leavesProxiesOfBeansToTheHeap() throws Exception {
        OperatingSystemMXBean proxy = ManagementFactory.newPlatformMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(),
                ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME,
                OperatingSystemMXBean.class);

        assertThat(JdkCodecs.resolvers()).noneMatch(resolver -> resolver.accepts(proxy.getClass()));
    }

    @Test
    void namesABeanThisJvmDoesNotHave() {
        OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
        ObjectResolver<?> resolver = JdkCodecs.resolvers().stream()
                .filter(candidate -> candidate.accepts(bean.getClass()))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() ->
                        resolver.resolve(bean.getClass(), new Object[] {"java.lang:name=Copy,type=GarbageCollector"}))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("java.lang:name=Copy,type=GarbageCollector")
                .hasMessageContaining("same garbage collector");
    }
}
