package dev.ingot.cli;

import java.io.IOException;

/** An output of a supervised program, which can be taken back as far as nobody has seen it. Not thread-safe. */
interface ProgramOutput extends AutoCloseable {
    /** As the program's own descriptor names it. */
    String path();

    long length() throws IOException;

    /** Its length before the program was started. */
    long begun();

    /** Shows what there is up to {@code limit} to whom it is meant for. */
    void passOn(long limit) throws IOException;

    /** Makes the output what it was when it had this length. */
    void rollBack(long length) throws IOException;

    /** Whether a program that went on from an image wrote other than before; asked once. */
    boolean takeDiverged();

    /** Where the program is to write. */
    ProcessBuilder.Redirect redirect();

    @Override
    void close() throws IOException;
}
