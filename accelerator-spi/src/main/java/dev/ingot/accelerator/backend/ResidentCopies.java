package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies of shared memory in a device's own, for a backend whose device has such. A copy is made when a step needs it first and stays: from
 * then on only what the program has changed is brought to it, and only what a step may have written is fetched. Where the device's memory
 * runs short, the copy goes that was not needed for longest. Called like the {@link Backend} it belongs to, but for {@link #isEmpty}.
 */
public final class ResidentCopies {
    private final Store store;
    /** Those in the device, the one that was needed last at the end. */
    private final Set<Copy> present = new LinkedHashSet<>();

    private volatile boolean isEmpty = true;
    private long transferNanos;

    /** The device's own memory. */
    public interface Store {
        /**
         * Takes memory, whatever is in it.
         *
         * @return what the device calls it
         * @throws DeviceFault {@code OUT_OF_MEMORY} with scope {@code COMMAND} if there is too little at present
         */
        long allocate(long bytes) throws DeviceFault;

        /** Gives memory back. */
        void free(long handle) throws DeviceFault;

        /**
         * Copies all of a direct buffer, from position 0 to its capacity, to {@code offset} and on. May throw {@code OUT_OF_MEMORY} as
         * {@link #allocate} does.
         */
        void upload(long handle, long offset, ByteBuffer source) throws DeviceFault;

        /** Fills all of a direct buffer, from position 0 to its capacity, from {@code offset} on. */
        void download(long handle, long offset, ByteBuffer target) throws DeviceFault;
    }

    /** No copies yet. */
    public ResidentCopies(Store store) {
        this.store = store;
    }

    /** What {@link SharingBackend#share} returns. */
    public DeviceMemory share(HostMemory memory) {
        return new Copy(memory);
    }

    /** Whether nothing is in the device. */
    public boolean isEmpty() {
        return isEmpty;
    }

    /** How long the last step's {@link #begin} and {@link #end} took. */
    public long transferNanos() {
        return transferNanos;
    }

    /**
     * Has the operands of a step in the device, as they are in the host's memory.
     *
     * @param operands those that are not from {@link #share} are left alone
     * @return what the device calls them; 0 for the others
     * @throws DeviceFault {@code OUT_OF_MEMORY} if they do not fit into the device together
     */
    public long[] begin(Operation operation, List<DeviceMemory> operands) throws DeviceFault {
        long start = System.nanoTime();
        List<Copy> needed = new ArrayList<>();
        for (DeviceMemory operand : operands) {
            if (operand instanceof Copy copy) {
                needed.add(copy);
                if (present.remove(copy)) {
                    present.add(copy);
                }
            }
        }
        for (Copy copy : needed) {
            bring(copy, needed);
        }
        long[] handles = new long[operands.size()];
        for (int i = 0; i < handles.length; i++) {
            if (operands.get(i) instanceof Copy copy) {
                handles[i] = copy.handle;
                if (operation.operands().get(i).access().writes()) {
                    // Should the step fail, nobody knows what is there.
                    copy.changed(0, copy.size());
                }
            }
        }
        transferNanos = System.nanoTime() - start;
        return handles;
    }

    private void bring(Copy copy, List<Copy> needed) throws DeviceFault {
        while (true) {
            try {
                copy.bring();
                return;
            } catch (DeviceFault full) {
                if (full.code() != DeviceFault.Code.OUT_OF_MEMORY || !evictOneBut(needed)) {
                    throw full;
                }
            }
        }
    }

    private boolean evictOneBut(List<Copy> needed) throws DeviceFault {
        for (Copy copy : present) {
            if (!needed.contains(copy)) {
                copy.drop();
                return true;
            }
        }
        return false;
    }

    /** Brings what the step may have written to the host's memory. */
    public void end(Operation operation, List<DeviceMemory> operands) throws DeviceFault {
        long start = System.nanoTime();
        for (int i = 0; i < operands.size(); i++) {
            if (operation.operands().get(i).access().writes() && operands.get(i) instanceof Copy copy) {
                copy.fetch();
            }
        }
        transferNanos += System.nanoTime() - start;
    }

    /** Gives all of the device's memory back. */
    public void evict() throws DeviceFault {
        for (Copy copy : List.copyOf(present)) {
            copy.drop();
        }
    }

    /** Shared memory, and the copy of it if there is one. */
    private final class Copy implements ResidentMemory {
        private final HostMemory memory;
        private long handle;
        /** What differs in the copy, if anything. */
        private long from;

        private long to;

        Copy(HostMemory memory) {
            this.memory = memory;
        }

        @Override
        public void changed(long offset, long count) {
            from = to == 0 ? offset : Math.min(from, offset);
            to = Math.max(to, offset + count);
        }

        void bring() throws DeviceFault {
            if (!present.contains(this)) {
                handle = store.allocate(memory.size());
                present.add(this);
                isEmpty = false;
                changed(0, memory.size());
            }
            long at = 0;
            for (ByteBuffer segment : memory.segments()) {
                long begin = Math.max(from, at);
                long end = Math.min(to, at + segment.capacity());
                if (begin < end) {
                    store.upload(handle, begin, segment.slice((int) (begin - at), (int) (end - begin)));
                }
                at += segment.capacity();
            }
            isFresh();
        }

        void fetch() throws DeviceFault {
            long at = 0;
            for (ByteBuffer segment : memory.segments()) {
                store.download(handle, at, segment);
                at += segment.capacity();
            }
            isFresh();
        }

        private void isFresh() {
            from = 0;
            to = 0;
        }

        void drop() throws DeviceFault {
            if (present.remove(this)) {
                isEmpty = present.isEmpty();
                store.free(handle);
            }
        }

        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            changed(offset, source.remaining());
            memory.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            memory.read(offset, target);
        }

        @Override
        public void close() {
            try {
                drop();
            } catch (DeviceFault lost) {
                // Then all of the device's memory is gone.
            }
        }
    }
}
