package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.backend.AcceleratorProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The same of one that runs in a device host: of the host the present version drives it. */
class OldHostedProviderConformanceTest extends BackendConformance {
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
        return Objects.requireNonNull(providers).provider("OldHostedProvider");
    }
}
