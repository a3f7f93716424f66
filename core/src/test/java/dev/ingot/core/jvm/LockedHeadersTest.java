package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LockedHeadersTest {

    /** The trial of a JVM's locks waits meanwhile, so that a collection in between is no rare thing. */
    @Test
    void anObjectThatHasOutlivedACollectionHasTheSameHeader() {
        Object object = new Object();
        int unused = System.identityHashCode(object);
        long young = IdentityHashes.header(object);
        System.gc();
        long older = IdentityHashes.header(object);

        assertThat(LockedHeaders.isSame(young, older)).isTrue();
        assertThat(LockedHeaders.isSame(young, young ^ 1L << 3)).isTrue();
        assertThat(LockedHeaders.isSame(young, young ^ 1L << 20)).isFalse();
    }

    @Test
    void theHeaderOfALockedObjectIsThatOfTheObject() {
        Object object = new Object();
        int unused = System.identityHashCode(object);
        long free = IdentityHashes.header(object);

        synchronized (object) {
            assertThat(LockedHeaders.isSame(free, LockedHeaders.header(object))).isTrue();
        }
    }
}
