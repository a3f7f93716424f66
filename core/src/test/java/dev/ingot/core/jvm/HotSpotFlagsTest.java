package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HotSpotFlagsTest {
    private static final String SWITCH = "DontCompileHugeMethods";

    @AfterEach
    void restore() {
        HotSpotFlags.set(SWITCH, true);
    }

    @Test
    void setsASwitchOfTheRunningJvm() {
        assertThat(asTheJvmTells()).isEqualTo("true");

        assertThat(HotSpotFlags.set(SWITCH, false)).isTrue();

        assertThat(asTheJvmTells()).isEqualTo("false");
    }

    @Test
    void refusesWhatTheJvmDoesNotKnow() {
        assertThat(HotSpotFlags.set("NoSuchSwitch", true)).isFalse();
    }

    private static String asTheJvmTells() {
        return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption(SWITCH)
                .getValue();
    }
}
