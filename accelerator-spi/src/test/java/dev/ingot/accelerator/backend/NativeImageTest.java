package dev.ingot.accelerator.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class NativeImageTest {
    private static final byte[] CONTENT = {1, 2, 3, 4};

    private final NativeImage image = NativeImage.of("build", CONTENT);

    @Test
    void isIntactAsItWasMade() {
        assertThat(image.isIntact()).isTrue();
        assertThat(image.size()).isEqualTo(4);
        assertThat(image.content()).isEqualTo(ByteBuffer.wrap(CONTENT));
        NativeImage restored = NativeImage.restored("build", CONTENT, image.digest());
        assertThat(restored.isIntact()).isTrue();
        assertThat(restored).isEqualTo(image).hasSameHashCodeAs(image);
    }

    @Test
    void isNotIntactIfAnythingIsAnother() {
        for (int bit = 0; bit < 32; bit++) {
            byte[] flipped = CONTENT.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(NativeImage.restored("build", flipped, image.digest()).isIntact())
                    .isFalse();
        }
        assertThat(NativeImage.restored("build", new byte[] {1, 2, 3}, image.digest())
                        .isIntact())
                .isFalse();
        assertThat(NativeImage.restored("built", CONTENT, image.digest()).isIntact())
                .isFalse();
        // What belongs to the one does not go over to the other.
        assertThat(NativeImage.restored("build\u0001", new byte[] {2, 3, 4}, image.digest())
                        .isIntact())
                .isFalse();
        assertThat(NativeImage.restored("build", CONTENT, new byte[0]).isIntact())
                .isFalse();
    }

    @Test
    void hasALimit() {
        byte[] large = new byte[NativeImage.MOST_BYTES + 1];
        assertThatThrownBy(() -> NativeImage.of("build", large)).isInstanceOf(IllegalArgumentException.class);
        NativeImage most = NativeImage.of("build", new byte[NativeImage.MOST_BYTES]);
        assertThat(most.isIntact()).isTrue();
    }

    @Test
    void nobodyChangesIt() {
        byte[] given = CONTENT.clone();
        NativeImage own = NativeImage.of("build", given);
        given[0] = 9;
        own.digest()[0] ^= 1;

        assertThat(own.isIntact()).isTrue();
        assertThatThrownBy(() -> own.content().put(0, (byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
    }
}
