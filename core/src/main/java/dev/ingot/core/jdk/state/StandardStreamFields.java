package dev.ingot.core.jdk.state;

import java.io.InputStream;
import java.io.PrintStream;

/** What {@code System.in}, {@code out} and {@code err} stand for; the JVM's own streams are external objects. */
final class StandardStreamFields implements StatePart {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int ERR = 2;

    @Override
    public String name() {
        return "standard-streams";
    }

    @Override
    public Object capture() {
        return new Object[] {System.in, System.out, System.err};
    }

    @Override
    public void restore(Object state) {
        Object[] streams = (Object[]) state;
        if (streams[IN] != System.in) {
            System.setIn((InputStream) streams[IN]);
        }
        if (streams[OUT] != System.out) {
            System.setOut((PrintStream) streams[OUT]);
        }
        if (streams[ERR] != System.err) {
            System.setErr((PrintStream) streams[ERR]);
        }
    }
}
