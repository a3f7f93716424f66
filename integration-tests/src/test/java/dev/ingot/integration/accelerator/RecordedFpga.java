package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.fpga.FpgaProvider;
import org.jspecify.annotations.Nullable;

/** The FPGA as one of another build each time: steps go on by the names of its registers alone. */
public final class RecordedFpga extends RecordedProvider {

    /** For {@link java.util.ServiceLoader}. */
    public RecordedFpga() {
        super("recorded", new FpgaProvider());
    }

    @Override
    @Nullable String nativeBuild(DeviceDescriptor device) {
        return null;
    }
}
