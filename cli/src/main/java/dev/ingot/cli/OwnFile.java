package dev.ingot.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A regular file that this process was given as an output and that the program writes to itself. */
final class OwnFile implements ProgramOutput {
    private final Path path;
    private final FileChannel channel;
    private final long begun;

    /** @param descriptor of this process, shared with the program, the place of the next byte too */
    OwnFile(Path path, FileDescriptor descriptor) throws IOException {
        this.path = path;
        this.channel = new FileOutputStream(descriptor).getChannel();
        this.begun = channel.size();
    }

    @Override
    public String path() {
        return path.toString();
    }

    @Override
    public long length() throws IOException {
        return channel.size();
    }

    @Override
    public long begun() {
        return begun;
    }

    @Override
    public void passOn(long limit) {
        // It is where it should be.
    }

    @Override
    public void rollBack(long length) throws IOException {
        channel.truncate(length);
    }

    @Override
    public boolean takeDiverged() {
        return false;
    }

    @Override
    public ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.INHERIT;
    }

    @Override
    public void close() {
        // It is this process's output.
    }
}
