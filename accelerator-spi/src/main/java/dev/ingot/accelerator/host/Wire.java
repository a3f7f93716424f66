package dev.ingot.accelerator.host;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.operation.Tolerance;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How things cross between a program and its device host. Both are of one version, so nothing is numbered or optional. */
final class Wire {
    private static final int MOST_DIGEST = 64;

    private Wire() {}

    /** Writes one of many. */
    interface Writer<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    /** Reads one of many. */
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static <T> void writeAll(DataOutputStream out, Iterable<T> values, int count, Writer<T> writer) throws IOException {
        out.writeInt(count);
        for (T value : values) {
            writer.write(out, value);
        }
    }

    static <T> List<T> readAll(DataInputStream in, Reader<T> reader) throws IOException {
        int count = in.readInt();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(reader.read(in));
        }
        return values;
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static void writeEnum(DataOutputStream out, Enum<?> value) throws IOException {
        writeText(out, value.name());
    }

    private static <E extends Enum<E>> E readEnum(DataInputStream in, Class<E> type) throws IOException {
        return Enum.valueOf(type, readText(in));
    }

    // ---- descriptors

    static void writeDescriptor(DataOutputStream out, DeviceDescriptor device) throws IOException {
        writeText(out, device.provider());
        writeText(out, device.id());
        writeEnum(out, device.kind());
        writeText(out, device.model());
        writeText(out, device.build());
        out.writeLong(device.memoryBytes());
        writeAll(
                out,
                device.attributes().entrySet(),
                device.attributes().size(),
                (to, entry) -> writeAttribute(to, entry.getKey(), entry.getValue()));
        writeAll(out, device.operations().values(), device.operations().size(), Wire::writeSupport);
        writeAll(out, device.formats(), device.formats().size(), Wire::writeEnum);
    }

    static DeviceDescriptor readDescriptor(DataInputStream in) throws IOException {
        String provider = readText(in);
        String id = readText(in);
        DeviceKind kind = readEnum(in, DeviceKind.class);
        String model = readText(in);
        String build = readText(in);
        long memory = in.readLong();
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        readAll(in, from -> attributes.put(readText(from), readAttribute(from)));
        Map<String, OperationSupport> operations = new LinkedHashMap<>();
        for (OperationSupport support : readAll(in, Wire::readSupport)) {
            operations.put(support.operation(), support);
        }
        List<KernelFormat> formats = readAll(in, from -> readEnum(from, KernelFormat.class));
        return new DeviceDescriptor(
                provider, id, kind, model, build, memory, attributes, operations, new LinkedHashSet<>(formats));
    }

    private static void writeAttribute(DataOutputStream out, String name, Attribute attribute) throws IOException {
        writeText(out, name);
        if (attribute instanceof Attribute.Flag flag) {
            out.writeByte('f');
            out.writeBoolean(flag.value());
        } else if (attribute instanceof Attribute.Amount amount) {
            out.writeByte('a');
            out.writeLong(amount.value());
        } else {
            out.writeByte('t');
            writeText(out, ((Attribute.Text) attribute).value());
        }
    }

    private static Attribute readAttribute(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case 'f' -> Attribute.of(in.readBoolean());
            case 'a' -> Attribute.of(in.readLong());
            default -> Attribute.of(readText(in));
        };
    }

    private static void writeSupport(DataOutputStream out, OperationSupport support) throws IOException {
        writeText(out, support.operation());
        writeEnum(out, support.determinism());
        out.writeLong(support.grain());
        writeText(out, support.design() == null ? "" : support.design());
        writeTolerance(out, support.tolerance());
    }

    private static void writeTolerance(DataOutputStream out, @Nullable Tolerance tolerance) throws IOException {
        out.writeBoolean(tolerance != null);
        if (tolerance != null) {
            out.writeInt(tolerance.ulps());
            out.writeFloat(tolerance.absolute());
        }
    }

    private static @Nullable Tolerance readTolerance(DataInputStream in) throws IOException {
        return in.readBoolean() ? new Tolerance(in.readInt(), in.readFloat()) : null;
    }

    private static OperationSupport readSupport(DataInputStream in) throws IOException {
        String operation = readText(in);
        Determinism determinism = readEnum(in, Determinism.class);
        long grain = in.readLong();
        String design = readText(in);
        return new OperationSupport(operation, determinism, grain, design.isEmpty() ? null : design, readTolerance(in));
    }

    // ---- operations

    static void writeOperation(DataOutputStream out, Operation operation) throws IOException {
        writeText(out, operation.name());
        out.writeInt(operation.version());
        writeAll(out, operation.operands(), operation.operands().size(), (to, operand) -> {
            writeText(to, operand.name());
            writeEnum(to, operand.type());
            writeEnum(to, operand.access());
        });
        writeAll(out, operation.scalars(), operation.scalars().size(), (to, scalar) -> {
            writeText(to, scalar.name());
            writeEnum(to, scalar.type());
        });
        writeEnum(out, operation.determinism());
        out.writeBoolean(operation.restartable());
        writeText(out, ContractName.of(operation.contract()));
        writeAll(out, operation.variants().entrySet(), operation.variants().size(), (to, variant) -> {
            writeEnum(to, variant.getKey());
            writeText(to, variant.getValue());
        });
        writeTolerance(out, operation.tolerance());
    }

    static Operation readOperation(DataInputStream in) throws IOException {
        String name = readText(in);
        int version = in.readInt();
        List<Operand> operands = readAll(
                in,
                from -> new Operand(readText(from), readEnum(from, ElementType.class), readEnum(from, Access.class)));
        List<Scalar> scalars = readAll(in, from -> new Scalar(readText(from), readEnum(from, ElementType.class)));
        Determinism determinism = readEnum(in, Determinism.class);
        boolean restartable = in.readBoolean();
        String contract = readText(in);
        Map<KernelFormat, String> variants = new LinkedHashMap<>();
        readAll(in, from -> variants.put(readEnum(from, KernelFormat.class), readText(from)));
        return new Operation(
                name,
                version,
                operands,
                scalars,
                determinism,
                restartable,
                ContractName.find(contract, name, variants),
                variants,
                readTolerance(in));
    }

    static void writeScalars(DataOutputStream out, Scalars scalars) throws IOException {
        Map<String, Number> values = scalars.values();
        writeAll(out, values.entrySet(), values.size(), (to, entry) -> {
            writeText(to, entry.getKey());
            if (entry.getValue() instanceof Long value) {
                to.writeBoolean(true);
                to.writeLong(value);
            } else {
                to.writeBoolean(false);
                to.writeFloat(entry.getValue().floatValue());
            }
        });
    }

    static Scalars readScalars(DataInputStream in) throws IOException {
        int count = in.readInt();
        Scalars scalars = Scalars.NONE;
        for (int i = 0; i < count; i++) {
            String name = readText(in);
            scalars = in.readBoolean() ? scalars.and(name, in.readLong()) : scalars.and(name, in.readFloat());
        }
        return scalars;
    }

    // ---- registers

    static void writeRegisters(DataOutputStream out, @Nullable Registers registers) throws IOException {
        out.writeBoolean(registers != null);
        if (registers != null) {
            writeText(out, registers.design());
            out.writeLong(registers.first());
            out.writeLong(registers.end());
            Map<String, BigInteger> values = registers.values();
            writeAll(out, values.entrySet(), values.size(), (to, entry) -> {
                writeText(to, entry.getKey());
                byte[] value = entry.getValue().toByteArray();
                to.writeInt(value.length);
                to.write(value);
            });
            writeNative(out, registers.nativeImage());
        }
    }

    private static void writeNative(DataOutputStream out, @Nullable NativeImage image) throws IOException {
        out.writeBoolean(image != null);
        if (image != null) {
            writeText(out, image.build());
            out.writeInt(image.size());
            byte[] content = new byte[image.size()];
            image.content().get(content);
            out.write(content);
            byte[] digest = image.digest();
            out.writeInt(digest.length);
            out.write(digest);
        }
    }

    private static @Nullable NativeImage readNative(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        String build = readText(in);
        byte[] content = readBytes(in, NativeImage.MOST_BYTES);
        return NativeImage.restored(build, content, readBytes(in, MOST_DIGEST));
    }

    private static byte[] readBytes(DataInputStream in, int most) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > most) {
            throw new IOException("a native image cannot have a part of " + size + " bytes");
        }
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        return bytes;
    }

    static Optional<Registers> readRegisters(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return Optional.empty();
        }
        String design = readText(in);
        long first = in.readLong();
        long end = in.readLong();
        Map<String, BigInteger> values = new LinkedHashMap<>();
        readAll(in, from -> values.put(readText(from), new BigInteger(from.readNBytes(from.readInt()))));
        return Optional.of(new Registers(design, first, end, values, readNative(in)));
    }

    // ---- faults

    static void writeFault(DataOutputStream out, DeviceFault fault) throws IOException {
        writeEnum(out, fault.code());
        writeEnum(out, fault.scope());
        out.writeBoolean(fault.retryable());
        writeText(out, String.valueOf(fault.getMessage()));
        writeAll(out, fault.evidence().entrySet(), fault.evidence().size(), (to, entry) -> {
            writeText(to, entry.getKey());
            writeText(to, entry.getValue());
        });
    }

    static DeviceFault readFault(DataInputStream in) throws IOException {
        DeviceFault.Code code = readEnum(in, DeviceFault.Code.class);
        DeviceFault.Scope scope = readEnum(in, DeviceFault.Scope.class);
        boolean retryable = in.readBoolean();
        String message = readText(in);
        Map<String, String> evidence = new LinkedHashMap<>();
        readAll(in, from -> evidence.put(readText(from), readText(from)));
        return new DeviceFault(code, scope, retryable, message, evidence, null);
    }
}
