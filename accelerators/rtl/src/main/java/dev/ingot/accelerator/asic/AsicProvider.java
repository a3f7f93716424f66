package dev.ingot.accelerator.asic;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.rtl.CardProvider;
import dev.ingot.accelerator.rtl.Function;
import java.util.List;
import java.util.Set;

/** One card, {@code asic:0}, with a systolic array for matrix products of bytes and of bfloat16 and nothing else. It has no
 * scan chain: a step that is stopped goes on on a card of the same build alone. */
public final class AsicProvider extends CardProvider {

    /** For {@link java.util.ServiceLoader}. */
    public AsicProvider() {
        super("asic", DeviceKind.ASIC, List.of(Function.SYSTOLIC_I8, Function.SYSTOLIC_BF16), Set.of());
    }
}
