package dev.ingot.accelerator.fpga;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.rtl.CardProvider;
import dev.ingot.accelerator.rtl.Function;
import java.util.List;
import java.util.Set;

/**
 * One card, {@code fpga:0}, whose slot is configured for matrix products of bytes or for hashes as it is needed. Its own cores have
 * scan chains, so a step can be stopped at any clock and gone on with on another card of the same design; those of programs on one of the same
 * build.
 */
public final class FpgaProvider extends CardProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FpgaProvider() {
        super("fpga", DeviceKind.FPGA, List.of(Function.MATRIX_I8, Function.FNV1A), Set.of(KernelFormat.BITSTREAM));
    }
}
