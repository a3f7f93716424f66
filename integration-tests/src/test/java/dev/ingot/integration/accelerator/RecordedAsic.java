package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.asic.AsicProvider;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The ASIC, of another build while there is a file {@code rebuilt} two directories above. */
public final class RecordedAsic extends RecordedProvider {
    static final String NAME = "recorded-asic";
    static final String REBUILT = "rebuilt";

    /** For {@link java.util.ServiceLoader}. */
    public RecordedAsic() {
        super(NAME, new AsicProvider());
    }

    @Override
    @Nullable String nativeBuild(DeviceDescriptor device) {
        return Files.exists(Path.of("..", "..", REBUILT)) ? "rebuilt" : device.nativeImageBuild();
    }
}
