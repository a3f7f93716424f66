package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.NativeImage;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A card: a process with memory and a slot, driven over its pipes. Used by one thread at a time. */
final class Card implements AutoCloseable {
    static final int CONTROL = 0x00;
    static final int ID = 0x08;
    static final int CYCLES = 0x0c;
    static final int ARGUMENTS = 0x10;
    static final int START = 1;

    private static final int DONE = 0;
    private static final int MEMORY_FAULT = 2;
    private static final int FOREIGN = 3;

    private final CardFiles files;
    private final long memoryBytes;
    private final Process process;
    private final OutputStream out;
    private final DataInputStream in;
    /** What lies where in the memory, so that it is not brought there again. */
    private final Map<Long, Place> places = new ConcurrentHashMap<>();

    private long written;
    private @Nullable Core loaded;

    private record Place(long size, CardOperand.Part part) {}

    private Card(CardFiles files, long memoryBytes, Process process) {
        this.files = files;
        this.memoryBytes = memoryBytes;
        this.process = process;
        this.out = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
        this.in = new DataInputStream(new java.io.BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /** Switches a card on. */
    static Card start(CardFiles files, long memoryBytes) throws DeviceFault {
        try {
            Process process = new ProcessBuilder(files.card().toString(), Long.toString(memoryBytes))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Card(files, memoryBytes, process);
        } catch (IOException failed) {
            throw lost("cannot start the card", failed);
        }
    }

    long memoryBytes() {
        return memoryBytes;
    }

    /** Configures the slot, unless it has this core already. What was in it is gone. */
    void load(Core core) throws DeviceFault {
        if (core.equals(loaded)) {
            return;
        }
        byte[] file = files.core(core).toString().getBytes(StandardCharsets.UTF_8);
        loaded = null;
        ask("load " + core.name(), () -> {
            put('L', file.length);
            out.write(file);
        });
        int id = read(ID);
        if (core.id() != 0 && id != core.id()) {
            throw new DeviceFault(
                    DeviceFault.Code.PROTOCOL,
                    DeviceFault.Scope.DEVICE,
                    "core " + core.name() + " says that it is " + Integer.toHexString(id) + ", not "
                            + Integer.toHexString(core.id()));
        }
        loaded = core;
    }

    void write(int register, int value) throws DeviceFault {
        ask("write register " + register, () -> put('W', register, value));
    }

    int read(int register) throws DeviceFault {
        ask("read register " + register, () -> put('R', register));
        return number();
    }

    void writeMemory(long address, byte[] content) throws DeviceFault {
        spoil(address, content.length);
        written += content.length;
        ask("write memory at " + address, () -> {
            put('I', (int) address, content.length);
            out.write(content);
        });
    }

    /** Content of the memory that has to be made first. */
    interface Content {
        byte[] make();
    }

    /** Has a part of an operand in the memory, where it may be already. */
    void place(long address, long size, CardOperand.Part part, Content content) throws DeviceFault {
        Place found = places.get(address);
        if (found == null || found.size != size || !found.part.equals(part)) {
            writeMemory(address, content.make());
            places.put(address, new Place(size, part));
        }
    }

    /** Says that the core, or somebody else, writes there. */
    void spoil(long address, long size) {
        places.entrySet()
                .removeIf(each -> each.getKey() < address + size && address < each.getKey() + each.getValue().size);
    }

    /** Says what lies there. */
    void placed(long address, long size, CardOperand.Part part) {
        spoil(address, size);
        places.put(address, new Place(size, part));
    }

    /** Forgets what lies in the memory. */
    void forget() {
        places.clear();
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** How many bytes were brought to the memory so far. */
    long written() {
        return written;
    }

    byte[] readMemory(long address, int count) throws DeviceFault {
        ask("read memory at " + address, () -> put('O', (int) address, count));
        return bytes(count);
    }

    /** Clocks the core until it is done, but not longer than that; returns whether it is. */
    boolean run(int cycles) throws DeviceFault {
        ask("run", () -> put('X', cycles));
        return number() < cycles;
    }

    /** Takes what the registers of the loaded core hold. They are zero afterwards, so the core is idle. */
    Map<String, BigInteger> capture(ScanChain chain) throws DeviceFault {
        return chain.decode(scan(chain, new BitSet()));
    }

    /** Gives the registers of the loaded core their values. */
    void restore(ScanChain chain, BitSet values) throws DeviceFault {
        scan(chain, values);
    }

    /** All that the loaded core holds, for one of the same build; empty if it cannot be had. The core goes on holding it. */
    byte[] save() throws DeviceFault {
        ask("save the core", () -> put('G'));
        int size = number();
        if (size < 0 || size > NativeImage.MOST_BYTES) {
            throw new DeviceFault(
                    DeviceFault.Code.PROTOCOL, DeviceFault.Scope.DEVICE, "the card cannot save " + size + " bytes");
        }
        return bytes(size);
    }

    /**
     * Gives the loaded core what another one held.
     *
     * @throws DeviceFault {@code STATE_REJECTED} if that is not of the same build; the core holds what it held
     */
    void restore(byte[] state) throws DeviceFault {
        ask("restore the core", () -> {
            put('P', state.length);
            out.write(state);
        });
    }

    /** Has the loaded core idle, whatever it holds. */
    void reset() throws DeviceFault {
        ask("reset the core", () -> put('Z'));
    }

    private BitSet scan(ScanChain chain, BitSet shiftedIn) throws DeviceFault {
        byte[] content = Arrays.copyOf(shiftedIn.toByteArray(), (chain.length() + 7) / 8);
        ask("scan", () -> {
            put('S', chain.length());
            out.write(content);
        });
        return BitSet.valueOf(bytes(content.length));
    }

    // ---- requests

    private interface Writing {
        void run() throws IOException;
    }

    private void ask(String what, Writing request) throws DeviceFault {
        int answer;
        try {
            request.run();
            out.flush();
            answer = in.readUnsignedByte();
        } catch (IOException gone) {
            throw lost("the card ended when it was to " + what, gone);
        }
        if (answer == FOREIGN) {
            throw new DeviceFault(
                    DeviceFault.Code.STATE_REJECTED,
                    DeviceFault.Scope.COMMAND,
                    "the card could not " + what + ": its state is not of this build");
        }
        if (answer != DONE) {
            throw new DeviceFault(
                    answer == MEMORY_FAULT ? DeviceFault.Code.INVALID_ARGUMENT : DeviceFault.Code.PROTOCOL,
                    DeviceFault.Scope.DEVICE,
                    "the card could not " + what
                            + (answer == MEMORY_FAULT ? ": its memory has " + memoryBytes + " bytes" : ""));
        }
    }

    private void put(char request, int... numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) request);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        out.write(bytes.array());
    }

    private int number() throws DeviceFault {
        return ByteBuffer.wrap(bytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private byte[] bytes(int count) throws DeviceFault {
        byte[] read = new byte[count];
        try {
            in.readFully(read);
        } catch (IOException gone) {
            throw lost("the card ended in an answer", gone);
        }
        return read;
    }

    private static DeviceFault lost(String message, IOException cause) {
        return new DeviceFault(
                DeviceFault.Code.LOST, DeviceFault.Scope.DEVICE, true, message + ": " + cause, Map.of(), cause);
    }

    /** Switches it off. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
