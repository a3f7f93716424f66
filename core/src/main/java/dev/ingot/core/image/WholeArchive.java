package dev.ingot.core.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The bytes of a ZIP archive. The last of them are remembered: they show whether all came. Not thread-safe. Wants a buffered stream. */
final class WholeArchive extends FilterInputStream {
    /** Begins the last record, which has no comment. */
    private static final byte[] ENDING = {'P', 'K', 5, 6};

    private static final int ENDING_BYTES = 22;

    /** More than the table of an image's files takes. */
    private static final int LONGEST_TABLE = 1 << 20;

    private final Path said;
    private byte[] last = new byte[0];

    WholeArchive(InputStream in, Path said) {
        super(in);
        this.said = said;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int count = in.read(bytes, offset, length);
            remember(bytes, offset, Math.max(count, 0));
            return count;
        } catch (IOException failure) {
            throw new ImageException(
                    ImageProblem.STORAGE, said, "cannot import " + said + ": " + failure.getMessage(), failure);
        }
    }

    private void remember(byte[] bytes, int offset, int count) {
        int fresh = Math.min(count, ENDING_BYTES);
        int old = Math.min(last.length, ENDING_BYTES - fresh);
        byte[] both = new byte[old + fresh];
        System.arraycopy(last, last.length - old, both, 0, old);
        System.arraycopy(bytes, offset + count - fresh, both, old, fresh);
        last = both;
    }

    /** Whether nothing has come so far. */
    boolean isEmpty() {
        return last.length == 0;
    }

    /**
     * Reads what is left, the table, and requires that the archive ends with it. Nothing is read behind its last record: a connection may stay
     * open when all has come.
     */
    void requireEnd() throws IOException {
        int left = 0;
        while (!endsHere()) {
            if (++left > LONGEST_TABLE || read() < 0) {
                throw new ImageException(
                        ImageProblem.INVALID, said, "cannot import " + said + ": it does not end as an archive does");
            }
        }
    }

    private boolean endsHere() {
        boolean ended = last.length == ENDING_BYTES;
        for (int i = 0; ended && i < ENDING.length; i++) {
            ended = last[i] == ENDING[i];
        }
        return ended;
    }
}
