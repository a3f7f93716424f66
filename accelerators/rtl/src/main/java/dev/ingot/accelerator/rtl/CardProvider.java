package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One card with some functions. Thread-safe. */
public abstract class CardProvider implements AcceleratorProvider {
    private static final String ID = "0";
    /** Of the card; a step's operands must fit into it. */
    private static final long CARD_BYTES = 256L << 20;
    /** Of all buffers together, which lie in the host's memory. */
    private static final long BUFFER_BYTES = 4L << 30;

    private final String name;
    private final DeviceKind kind;
    private final List<Function> functions;
    private final Set<KernelFormat> formats;

    /** A provider of a card with these functions, and operations that bring what it takes in one of these forms. */
    protected CardProvider(String name, DeviceKind kind, List<Function> functions, Set<KernelFormat> formats) {
        this.name = name;
        this.kind = kind;
        this.functions = List.copyOf(functions);
        this.formats = Set.copyOf(formats);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    private List<String> missing() {
        return CardFiles.find()
                .missing(functions.stream().map(Function::core).distinct().toList());
    }

    @Override
    public final List<DeviceDescriptor> discover() {
        if (!missing().isEmpty()) {
            return List.of();
        }
        Map<String, OperationSupport> operations = new LinkedHashMap<>();
        for (Function function : functions) {
            String identity = function.operation().identity();
            String design =
                    function.core().chain() == null ? null : function.core().design();
            operations.put(
                    identity, new OperationSupport(identity, Determinism.BITWISE_ANY_KIND, function.grain(), design));
        }
        return List.of(new DeviceDescriptor(
                name,
                ID,
                kind,
                "simulated card",
                CardFiles.find().version(),
                BUFFER_BYTES,
                Map.of(
                        "card.memory.bytes",
                        Attribute.of(CARD_BYTES),
                        "simulated",
                        Attribute.of(true),
                        NativeImage.ATTRIBUTE,
                        Attribute.of(Function.nativeBuild(CardFiles.find(), functions))),
                operations,
                formats));
    }

    @Override
    public final List<String> diagnostics() {
        List<String> missing = missing();
        return missing.isEmpty()
                ? List.of()
                : List.of(name + ": the card cannot be built without " + String.join(" and ", missing));
    }

    @Override
    public final Backend open(String id) throws DeviceFault {
        if (!id.equals(ID)) {
            throw new DeviceFault(
                    DeviceFault.Code.INVALID_ARGUMENT, DeviceFault.Scope.DEVICE, "there is no card " + id + ", only 0");
        }
        CardFiles files = CardFiles.find();
        Map<String, Function> byIdentity = new LinkedHashMap<>();
        for (Function function : functions) {
            files.core(function.core());
            byIdentity.put(function.operation().identity(), function);
        }
        return new CardBackend(byIdentity, Function.nativeBuild(files, functions), Card.start(files, CARD_BYTES));
    }
}
