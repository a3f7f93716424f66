package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherJvmTest {
    @TempDir
    private Path directory;

    @Test
    void restoresInFreshJvm() throws Exception {
        move(ForkedJvm.same(), ForkedJvm.same());
    }

    @Test
    void restoresOnNewerAndOnOlderJdk() throws Exception {
        ForkedJvm older = ForkedJvm.ofFeature(17).orElseGet(ForkedJvm::same);
        ForkedJvm newer = ForkedJvm.ofFeature(25).orElseGet(ForkedJvm::same);

        move(older, newer);
        move(newer, older);
    }

    private void move(ForkedJvm from, ForkedJvm to) throws Exception {
        String image = directory.resolve("image").toString();
        assertThat(from.run(List.of(), SampleProgram.class, "write", image)).isEqualTo("done");
        assertThat(to.run(List.of(), SampleProgram.class, "read", image)).isEqualTo("done");
    }
}
