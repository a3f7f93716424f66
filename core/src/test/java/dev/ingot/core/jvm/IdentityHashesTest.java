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
    void marksAreTheClaimsOwn() {
        Object claimed = new Object();
        Object other = new Object();
        Object hashed = new Object();

        assertThat(IdentityHashes.MARKS).isTrue();
        assertThat(IdentityHashes.claimMarked(claimed, 7)).isTrue();
        assertThat(IdentityHashes.give(other, 7, false)).isTrue();

        assertThat(System.identityHashCode(claimed)).isEqualTo(System.identityHashCode(other));
        assertThat(System.identityHashCode(hashed)).isNotZero();
        assertThat(IdentityHashes.isMarked(claimed)).isTrue();
        assertThat(IdentityHashes.isMarked(other)).isFalse();
        assertThat(IdentityHashes.isMarked(hashed)).isFalse();
        assertThat(IdentityHashes.isMarked(new Object())).isFalse();
    }

    @Test
    void marksAreReadOfObjectsThatAreLocked() throws Exception {
        Object claimed = new Object();
        Object hashed = new Object();
        assertThat(IdentityHashes.claimMarked(claimed, 7)).isTrue();
        assertThat(IdentityHashes.give(hashed, 7, false)).isTrue();

        for (Object object : new Object[] {claimed, hashed}) {
            boolean marked = object == claimed;
            synchronized (object) {
                assertThat(IdentityHashes.isMarked(object)).isEqualTo(marked);
                object.wait(1);
                assertThat(IdentityHashes.inHeader(object)).isEqualTo(IdentityHashes.UNREADABLE);
                assertThat(IdentityHashes.isMarked(object)).isEqualTo(marked);
            }
            assertThat(IdentityHashes.isMarked(object)).isEqualTo(marked);
        }
    }

    @Test
    void hashesSurviveLockingAndCollections() {
        Object[] objects = new Object[10_000];
        for (int index = 0; index < objects.length; index++) {
            objects[index] = new byte[index % 50];
            assertThat(IdentityHashes.claimMarked(objects[index], index + 1)).isTrue();
        }
        for (int round = 0; round < 3; round++) {
            System.gc();
            for (int index = 0; index < objects.length; index++) {
                synchronized (objects[index]) {
                    assertThat(System.identityHashCode(objects[index])).isEqualTo(index + 1);
                    assertThat(IdentityHashes.isMarked(objects[index])).isTrue();
                }
            }
        }
        assertThat(Arrays.stream(objects).mapToInt(System::identityHashCode).distinct())
                .hasSize(objects.length);
    }
}
