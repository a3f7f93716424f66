package dev.ingot.accelerator.state;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Contract;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.operation.Tolerance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Descriptors and operations as lines of text that any version reads or refuses: {@code 1.} and base64. */
final class PlainText {
    private static final String VERSION = "1.";

    private PlainText() {}

    /** Everything of one line. */
    static <T> T read(String line, Function<Reader, T> content) {
        if (!line.startsWith(VERSION)) {
            throw new IllegalArgumentException("devices are described in another form than " + VERSION);
        }
        try {
            Reader in = new Reader(Base64.getDecoder().decode(line.substring(VERSION.length())));
            T read = content.apply(in);
            in.end();
            return read;
        } catch (UncheckedIOException cut) {
            throw new IllegalArgumentException("a description of devices is cut off", cut);
        }
    }

    /** Not thread-safe. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        /** A part of a line, into memory. */
        private interface Write {
            void write() throws IOException;
        }

        private static void put(Write part) {
            try {
                part.write();
            } catch (IOException tooLong) {
                throw new UncheckedIOException(tooLong);
            }
        }

        void text(String text) {
            put(() -> out.writeUTF(text));
        }

        void optional(@Nullable String text) {
            flag(text != null);
            if (text != null) {
                text(text);
            }
        }

        void number(long number) {
            put(() -> out.writeLong(number));
        }

        void flag(boolean flag) {
            put(() -> out.writeBoolean(flag));
        }

        void texts(Collection<String> texts) {
            number(texts.size());
            texts.forEach(this::text);
        }

        /** Without attributes but those that plans look at. */
        void descriptor(DeviceDescriptor device) {
            text(device.provider());
            text(device.id());
            text(device.kind().name());
            text(device.model());
            text(device.build());
            number(device.memoryBytes());
            optional(device.nativeBuild());
            optional(device.nativeImageBuild());
            number(device.operations().size());
            for (OperationSupport support : new TreeMap<>(device.operations()).values()) {
                text(support.operation());
                text(support.determinism().text());
                number(support.grain());
                optional(support.design());
                tolerance(support.tolerance());
            }
            formats(device.formats());
        }

        private void tolerance(@Nullable Tolerance tolerance) {
            flag(tolerance != null);
            if (tolerance != null) {
                number(tolerance.ulps());
                number(Float.floatToIntBits(tolerance.absolute()));
            }
        }

        /** As far as plans look at it. */
        void operation(Operation operation) {
            text(operation.name());
            number(operation.version());
            text(operation.determinism().text());
            flag(operation.restartable());
            formats(operation.variants().keySet());
            tolerance(operation.tolerance());
        }

        private void formats(Set<KernelFormat> formats) {
            texts(new TreeSet<>(formats.stream().map(Enum::name).toList()));
        }

        String line() {
            return VERSION + Base64.getEncoder().encodeToString(bytes.toByteArray());
        }
    }

    /** Not thread-safe. */
    static final class Reader {
        private final DataInputStream in;
        private final int size;

        Reader(byte[] content) {
            this.in = new DataInputStream(new ByteArrayInputStream(content));
            this.size = content.length;
        }

        /** A part of a line, from memory. */
        private interface Read<T> {
            T get() throws IOException;
        }

        private static <T> T get(Read<T> part) {
            try {
                return part.get();
            } catch (IOException cut) {
                throw new UncheckedIOException(cut);
            }
        }

        void end() {
            if (get(in::read) >= 0) {
                throw new IllegalArgumentException("a description of devices has more behind it");
            }
        }

        String text() {
            return get(in::readUTF);
        }

        @Nullable String optional() {
            return flag() ? text() : null;
        }

        long number() {
            return get(in::readLong);
        }

        boolean flag() {
            return get(in::readBoolean);
        }

        /** How many follow: no more than there are bytes. */
        long count() {
            long count = number();
            if (count < 0 || count > size) {
                throw new IllegalArgumentException("a description of devices cannot have " + count + " of anything");
            }
            return count;
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            for (long left = count(); left > 0; left--) {
                texts.add(text());
            }
            return texts;
        }

        DeviceDescriptor descriptor() {
            String provider = text();
            String id = text();
            DeviceKind kind = DeviceKind.valueOf(text());
            String model = text();
            String build = text();
            long memory = number();
            Map<String, Attribute> attributes = new HashMap<>();
            attribute(attributes, NativeBackend.ATTRIBUTE);
            attribute(attributes, NativeImage.ATTRIBUTE);
            Map<String, OperationSupport> operations = new HashMap<>();
            for (long left = count(); left > 0; left--) {
                OperationSupport support =
                        new OperationSupport(text(), Determinism.named(text()), number(), optional(), tolerance());
                operations.put(support.operation(), support);
            }
            return new DeviceDescriptor(provider, id, kind, model, build, memory, attributes, operations, formats());
        }

        private void attribute(Map<String, Attribute> attributes, String name) {
            String text = optional();
            if (text != null) {
                attributes.put(name, Attribute.of(text));
            }
        }

        private @Nullable Tolerance tolerance() {
            return flag() ? new Tolerance((int) number(), Float.intBitsToFloat((int) number())) : null;
        }

        Operation operation() {
            String name = text();
            int version = (int) number();
            Determinism determinism = Determinism.named(text());
            boolean restartable = flag();
            Map<KernelFormat, String> variants = new EnumMap<>(KernelFormat.class);
            formats().forEach(format -> variants.put(format, ""));
            return new Operation(
                    name,
                    version,
                    List.of(),
                    List.of(),
                    determinism,
                    restartable,
                    new Unknown(),
                    variants,
                    tolerance());
        }

        private Set<KernelFormat> formats() {
            Set<KernelFormat> formats = EnumSet.noneOf(KernelFormat.class);
            texts().forEach(name -> formats.add(KernelFormat.valueOf(name)));
            return formats;
        }
    }

    /** Of an operation that is known by its description alone: it can be planned with, not computed. */
    private static final class Unknown implements Contract {
        @Override
        public long items(Scalars scalars) {
            throw new UnsupportedOperationException("described, not known");
        }

        @Override
        public long elements(int operand, Scalars scalars) {
            throw new UnsupportedOperationException("described, not known");
        }

        @Override
        public void compute(List<HostMemory> operands, Scalars scalars, long from, long to) {
            throw new UnsupportedOperationException("described, not known");
        }
    }
}
