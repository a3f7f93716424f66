package dev.ingot.accelerator.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A provider that was compiled with the first version of the interface does all that a provider must with the present one. If this fails,
 * {@link AcceleratorProvider#MAJOR_VERSION} has to grow, or, better, what is new gets a default.
 */
class OldProviderConformanceTest extends BackendConformance {
    @TempDir
    private static Path directory;

    private static @Nullable OldProviders providers;

    @BeforeAll
    static void compile() throws IOException, URISyntaxException {
        providers = OldProviders.compile(directory);
    }

    @AfterAll
    static void close() throws IOException {
        Objects.requireNonNull(providers).close();
    }

    @Override
    protected AcceleratorProvider provider() {
        return Objects.requireNonNull(providers).provider("OldProvider");
    }

    /** Were it a later one's, a provider that says nothing would be taken for one of a version that it does not know. */
    @Test
    void whatSaysNoVersionIsOfTheFirst() {
        assertThat(provider().majorVersion()).isOne();
    }
}
