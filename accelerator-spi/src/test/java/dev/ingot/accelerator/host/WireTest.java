package dev.ingot.accelerator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final Map<String, BigInteger> VALUES = Map.of("sum", BigInteger.TEN, "row", BigInteger.ZERO);
    private static final NativeImage IMAGE = NativeImage.of("build", new byte[] {1, 2, 3});

    @Test
    void registersArriveWithAllLevelsThatThereAre() throws IOException {
        for (Map<String, BigInteger> values : List.of(VALUES, Map.<String, BigInteger>of())) {
            for (NativeImage image : new NativeImage[] {IMAGE, null}) {
                Registers registers = new Registers("array@1", 8, 16, values, image);
                assertThat(read(written(registers))).contains(registers);
            }
        }
        assertThat(read(written(null))).isEmpty();
    }

    /** Whoever gets it decides; the wire does not make it whole. */
    @Test
    void whatIsDamagedArrivesDamaged() throws IOException {
        NativeImage damaged = NativeImage.restored("build", new byte[] {1, 2, 4}, IMAGE.digest());
        Registers arrived = read(written(new Registers("array@1", 8, 16, Map.of(), damaged)))
                .orElseThrow();

        assertThat(arrived.nativeImage()).isEqualTo(damaged);
        assertThat(damaged.isIntact()).isFalse();
    }

    @Test
    void lengthsAreNotBelieved() throws IOException {
        byte[] bytes = written(new Registers("array@1", 8, 16, Map.of(), IMAGE));
        int digest = Integer.BYTES + IMAGE.digest().length;
        int content = digest + Integer.BYTES + IMAGE.size();
        for (int place : new int[] {bytes.length - digest, bytes.length - content}) {
            for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, NativeImage.MOST_BYTES + 1}) {
                byte[] wrong = bytes.clone();
                ByteBuffer.wrap(wrong).putInt(place, length);
                assertThatThrownBy(() -> read(wrong))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("" + length);
            }
        }
        byte[] truncated = Arrays.copyOf(bytes, bytes.length - 1);
        assertThatThrownBy(() -> read(truncated)).isInstanceOf(EOFException.class);
    }

    private static byte[] written(@Nullable Registers registers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Wire.writeRegisters(new DataOutputStream(bytes), registers);
        return bytes.toByteArray();
    }

    private static Optional<Registers> read(byte[] bytes) throws IOException {
        return Wire.readRegisters(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
