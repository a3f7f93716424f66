package dev.ingot.core.jdk.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import java.rmi.Remote;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RemoteExportsTest {

    @Test
    void objectsOfTheJvmsOwnManagementAreToldFromThoseOfTheProgram() throws Exception {
        startLocalManagement();
        Remote exported = new Remote() {};
        UnicastRemoteObject.exportObject(exported, 0);
        try {
            List<Object> ofJvm = RemoteExports.targets().stream()
                    .filter(RemoteExports::isOfJvm)
                    .toList();
            List<Object> ofProgram = RemoteExports.targets().stream()
                    .filter(target -> !RemoteExports.isOfJvm(target))
                    .toList();

            assertThat(ofJvm).hasSize(1);
            assertThat(ofProgram).singleElement().satisfies(target -> {
                assertThat(RemoteExports.implementation(target)).isSameAs(exported);
                assertThat(RemoteExports.isPermanent(target)).isFalse();
            });
            assertThat(RemoteExports.servesJvmOnly(transport(ofJvm.get(0)))).isTrue();
            assertThat(RemoteExports.servesJvmOnly(transport(ofProgram.get(0)))).isFalse();
        } finally {
            UnicastRemoteObject.unexportObject(exported, true);
        }
    }

    private static Object transport(Object target) {
        return Objects.requireNonNull(RemoteExports.transport(target));
    }

    /** As a tool has it started that attaches to the JVM. */
    private static void startLocalManagement() {
        HiddenMethod.of(JdkClass.of("jdk.internal.agent.Agent"), "startLocalManagementAgent")
                .call(null);
    }
}
