package dev.ingot.accelerator.state;

import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.Operation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All devices of an image as plain data, for who plans where it could go on. Immutable.
 *
 * @param providers whose devices the program would find
 */
public record ImageDevices(Set<String> providers, List<ImageDevice> devices) {
    public ImageDevices {
        providers = Set.copyOf(providers);
        devices = List.copyOf(devices);
    }

    /** As one line, which {@link #parse} reads. */
    public String text() {
        PlainText.Writer out = new PlainText.Writer();
        out.texts(new TreeSet<>(providers));
        out.number(devices.size());
        devices.forEach(device -> write(out, device));
        return out.line();
    }

    private static void write(PlainText.Writer out, ImageDevice device) {
        out.optional(device.role());
        Determinism accepted = device.accepted();
        out.optional(accepted == null ? null : accepted.text());
        DeviceState state = device.state();
        out.number(state.format());
        out.descriptor(state.takenOn());
        out.number(state.buffers().size());
        for (BufferState buffer : state.buffers()) {
            out.text(buffer.name());
            out.number(buffer.bytes());
            out.flag(buffer.isTransient());
        }
        out.number(state.commands().size());
        for (CommandState command : state.commands()) {
            out.text(command.queue());
            out.operation(command.operation());
            out.number(command.items());
            out.number(command.done());
            Registers registers = command.registers();
            out.optional(registers == null ? null : registers.design());
            out.number(registers == null ? 0 : registers.first());
            out.number(registers == null ? 0 : registers.end());
            out.flag(registers != null && registers.isNamed());
            NativeImage image = registers == null ? null : registers.nativeImage();
            out.optional(image == null ? null : image.build());
            out.number(Double.doubleToLongBits(command.nanosPerItem()));
        }
        out.number(state.used().size());
        state.used().forEach(out::operation);
    }

    /**
     * Reads what {@link #text} gave.
     *
     * @throws IllegalArgumentException if it is nothing of the kind
     */
    public static ImageDevices parse(String line) {
        return PlainText.read(line, in -> {
            Set<String> providers = new TreeSet<>(in.texts());
            List<ImageDevice> devices = new ArrayList<>();
            for (long left = in.count(); left > 0; left--) {
                devices.add(device(in));
            }
            return new ImageDevices(providers, devices);
        });
    }

    private static ImageDevice device(PlainText.Reader in) {
        String role = in.optional();
        String accepted = in.optional();
        int format = (int) in.number();
        var takenOn = in.descriptor();
        List<BufferState> buffers = new ArrayList<>();
        for (long left = in.count(); left > 0; left--) {
            buffers.add(new BufferState(in.text(), in.number(), in.flag(), List.of()));
        }
        List<CommandState> commands = new ArrayList<>();
        for (long left = in.count(); left > 0; left--) {
            commands.add(command(in));
        }
        List<Operation> used = new ArrayList<>();
        for (long left = in.count(); left > 0; left--) {
            used.add(in.operation());
        }
        // What the driver keeps it keeps in a process that is gone.
        DeviceState state = new DeviceState(format, takenOn, buffers, commands, used, null);
        return new ImageDevice(role, accepted == null ? null : Determinism.named(accepted), state);
    }

    private static CommandState command(PlainText.Reader in) {
        String queue = in.text();
        Operation operation = in.operation();
        long items = in.number();
        long done = in.number();
        String design = in.optional();
        long first = in.number();
        long end = in.number();
        // What they hold is left out as well.
        Map<String, BigInteger> values = in.flag() ? Map.of("", BigInteger.ZERO) : Map.of();
        String build = in.optional();
        NativeImage image = build == null ? null : NativeImage.of(build, new byte[0]);
        double nanosPerItem = Double.longBitsToDouble(in.number());
        Registers registers = design == null ? null : new Registers(design, first, end, values, image);
        return new CommandState(queue, operation, items, done, registers, nanosPerItem);
    }
}
