package dev.ingot.core.heap;

/** Constants of the heap stream; docs/image-format.md tells what they mean. */
final class HeapStream {
    static final int MAGIC = 0x50484749;
    static final int VERSION = 5;
    /** The earliest version that is read. It lacks {@link #RESOLUTIONS}. */
    static final int OLDEST_VERSION = 4;

    static final int CHUNK_HEADER = 5;
    static final byte HEADER = 'H';
    static final byte BEGIN = 'B';
    static final byte SHAPES = 'S';
    static final byte DATA = 'D';
    static final byte PART = 'P';
    static final byte GONE = 'G';
    /** Which loader the JVM found the classes in that it asked loaders of the program for. */
    static final byte RESOLUTIONS = 'R';

    static final byte END = 'E';

    /** What the data lane gathers before it becomes a chunk. */
    static final int DATA_CHUNK = 1 << 18;

    static final int SHAPES_CHUNK = 1 << 16;

    /** Bytes of elements in one part of a large array. */
    static final int PART_BYTES = 1 << 18;

    /** Arrays and strings of more bytes are written in parts. */
    static final int LARGEST_WHOLE = 1 << 16;

    /** In the octet that says how the characters of a string are coded: they follow in parts. */
    static final int IN_PARTS = 2;

    /** Longer shape chunks are refused: the longest legal record is a class file. */
    static final int LONGEST_CHUNK = 1 << 27;

    static final int CLASS = 0;
    static final int PLAN = 1;
    static final int EXTERNAL = 2;
    static final int LITERAL = 3;
    static final int MIRROR = 4;
    static final int RESOLVED = 5;
    static final int MODULE = 6;
    static final int LOADER = 7;
    static final int FIRST_PLAN = 8;

    static final int PRIMITIVE_CLASS = 0;
    static final int ARRAY_CLASS = 1;
    static final int NAMED_CLASS = 2;
    static final int RECORDED_CLASS = 3;
    static final int HIDDEN_CLASS = 4;
    static final int PROXY_CLASS = 5;

    static final int NESTMATE = 1;
    static final int STRONG = 2;
    static final int INITIALIZED = 4;

    static final int NULL_PART = 0;
    static final int TEXT_PART = 1;
    static final int CLASS_PART = 2;
    static final int OBJECT_PART = 3;
    static final int LIST_PART = 4;
    static final int BOX_PART = 5;
    static final int PRIMITIVES_PART = 6;

    /** Nesting of arrays in a description. */
    static final int DEEPEST_DESCRIPTION = 32;

    private HeapStream() {}

    /** How many parts an array or a string of so many bytes is cut into. */
    static int parts(long bytes) {
        return (int) ((bytes + PART_BYTES - 1) / PART_BYTES);
    }
}
