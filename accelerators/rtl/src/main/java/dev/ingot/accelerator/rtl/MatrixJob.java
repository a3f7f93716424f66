package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Some rows of a matrix product. On the card the factors are cut into panels of {@link #SIDE} rows or columns and the product into
 * tiles of that side, filled up with zeroes.
 */
final class MatrixJob implements Job {
    /** Of the arrays in both cores; also how many rows are computed together. */
    static final int SIDE = 8;

    private static final int TILE = SIDE * SIDE * Integer.BYTES;
    private static final int FLOATING = 1 << 31;

    private final Core core;
    private final boolean isFloating;
    private final CardOperand a;
    private final CardOperand b;
    private final CardOperand c;
    private final long first;
    private final long end;
    private final int n;
    private final int k;
    private final int rowPanels;
    private final int columnPanels;

    /**
     * A job.
     *
     * @param core {@link Core#MATRIX} or {@link Core#SYSTOLIC}
     * @param isFloating whether the factors are bfloat16 and not bytes
     */
    MatrixJob(Core core, boolean isFloating, List<CardOperand> operands, Scalars scalars, long first, long end) {
        this.core = core;
        this.isFloating = isFloating;
        this.a = operands.get(0);
        this.b = operands.get(1);
        this.c = operands.get(2);
        this.first = first;
        this.end = end;
        this.n = Math.toIntExact(scalars.integer("n"));
        this.k = Math.toIntExact(scalars.integer("k"));
        this.rowPanels = Math.toIntExact(panels(end - first));
        this.columnPanels = (int) panels(n);
    }

    private static long panels(long size) {
        return (size + SIDE - 1) / SIDE;
    }

    @Override
    public Core core() {
        return core;
    }

    @Override
    public long memoryBytes() {
        return addressOfC() + (long) rowPanels * columnPanels * TILE;
    }

    private long addressOfB() {
        return (long) rowPanels * k * core.wordBytes();
    }

    private long addressOfC() {
        return addressOfB() + (long) columnPanels * k * core.wordBytes();
    }

    @Override
    public int[] arguments() {
        return new int[] {
            0,
            (int) (addressOfB() / core.wordBytes()),
            (int) (addressOfC() / core.wordBytes()),
            isFloating ? k | FLOATING : k,
            rowPanels,
            columnPanels
        };
    }

    // ---- factors

    @Override
    public void writeInputs(Card card) throws DeviceFault {
        card.spoil(addressOfC(), memoryBytes() - addressOfC());
        // Factors of one size have one layout on one core.
        long element = isFloating ? Short.BYTES : Byte.BYTES;
        long word = core.wordBytes();
        card.place(0, addressOfB(), a.part(0L, word, element, (long) k, first, end), this::rows);
        card.place(
                addressOfB(),
                addressOfC() - addressOfB(),
                b.part(1L, word, element, (long) k, (long) n),
                this::columns);
    }

    private byte[] rows() {
        int element = isFloating ? Short.BYTES : Byte.BYTES;
        byte[] rows = new byte[rowPanels * k * core.wordBytes()];
        byte[] row = new byte[k * element];
        for (long i = first; i < end; i++) {
            a.read(i * k * element, ByteBuffer.wrap(row));
            for (int inner = 0; inner < k; inner++) {
                copy(row, inner, element, rows, (int) (i - first), inner);
            }
        }
        return rows;
    }

    private byte[] columns() {
        int element = isFloating ? Short.BYTES : Byte.BYTES;
        byte[] columns = new byte[columnPanels * k * core.wordBytes()];
        byte[] line = new byte[n * element];
        for (int inner = 0; inner < k; inner++) {
            b.read((long) inner * n * element, ByteBuffer.wrap(line));
            for (int j = 0; j < n; j++) {
                copy(line, j, element, columns, j, inner);
            }
        }
        return columns;
    }

    /** Puts an element where the panel of its row or column has it. */
    private void copy(byte[] from, int index, int element, byte[] panels, int lane, int inner) {
        int laneBytes = core.wordBytes() / SIDE;
        int at = (lane / SIDE * k + inner) * core.wordBytes() + lane % SIDE * laneBytes;
        for (int i = 0; i < element; i++) {
            panels[at + i] = from[index * element + i];
        }
    }

    // ---- product

    @Override
    public void writeResults(Card card) throws DeviceFault {
        byte[] tiles = new byte[rowPanels * columnPanels * TILE];
        byte[] row = new byte[n * Integer.BYTES];
        for (long i = first; i < end; i++) {
            c.read(i * row.length, ByteBuffer.wrap(row));
            for (int j = 0; j < n; j += SIDE) {
                System.arraycopy(row, j * Integer.BYTES, tiles, inTiles(i, j), bytesOfTile(j));
            }
        }
        card.writeMemory(addressOfC(), tiles);
    }

    @Override
    public void readResults(Card card) throws DeviceFault {
        byte[] tiles = card.readMemory(addressOfC(), rowPanels * columnPanels * TILE);
        byte[] row = new byte[n * Integer.BYTES];
        for (long i = first; i < end; i++) {
            for (int j = 0; j < n; j += SIDE) {
                System.arraycopy(tiles, inTiles(i, j), row, j * Integer.BYTES, bytesOfTile(j));
            }
            c.write(i * row.length, ByteBuffer.wrap(row));
        }
    }

    private int inTiles(long row, int column) {
        int line = (int) (row - first);
        return (line / SIDE * columnPanels + column / SIDE) * TILE + line % SIDE * SIDE * Integer.BYTES;
    }

    private int bytesOfTile(int column) {
        return Math.min(SIDE, n - column) * Integer.BYTES;
    }
}
