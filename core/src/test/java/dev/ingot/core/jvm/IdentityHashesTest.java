package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdentityHashesTest {

    @Test
    void isSupportedHere() {
        assertThat(IdentityHashes.SUPPORTED).isTrue();
    }

    @Test
    void givesHashOnce() {
        Object object = new Object();

        assertThat(IdentityHashes.ensure(object, 0x12345678)).isTrue();

        assertThat(System.identityHashCode(object)).isEqualTo(0x12345678).isEqualTo(object.hashCode());
        assertThat(IdentityHashes.ensure(object, 0x12345678)).isTrue();
        assertThat(IdentityHashes.ensure(object, 5)).isFalse();
        assertThat(IdentityHashes.claim(object, 5)).isFalse();
        assertThat(System.identityHashCode(object)).isEqualTo(0x12345678);
    }

    @Test
    void readsHashWithoutGivingOne() {
        Object object = new Object();

        assertThat(IdentityHashes.inHeader(object)).isZero();
        int hash = System.identityHashCode(object);

        assertThat(IdentityHashes.inHeader(object)).isEqualTo(hash);
    }

    @Test
    void leavesLockedObjectsAlone() {
        Object object = new Object();
        synchronized (object) {
            assertThat(IdentityHashes.inHeader(object)).isEqualTo(IdentityHashes.UNREADABLE);
            assertThat(IdentityHashes.claim(object, 5)).isFalse();
        }
        assertThat(System.identityHashCode(object)).isNotEqualTo(5);
    }

    @Test
    void hashesSurviveLockingAndCollections() {
        Object[] objects = new Object[10_000];
        for (int index = 0; index < objects.length; index++) {
            objects[index] = new byte[index % 50];
            assertThat(IdentityHashes.claim(objects[index], index + 1)).isTrue();
        }
        for (int round = 0; round < 3; round++) {
            System.gc();
            for (int index = 0; index < objects.length; index++) {
                synchronized (objects[index]) {
                    assertThat(System.identityHashCode(objects[index])).isEqualTo(index + 1);
                }
            }
        }
        assertThat(Arrays.stream(objects).mapToInt(System::identityHashCode).distinct())
                .hasSize(objects.length);
    }
}
