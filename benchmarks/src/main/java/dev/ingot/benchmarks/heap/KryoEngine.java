package dev.ingot.benchmarks.heap;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import org.objenesis.strategy.StdInstantiatorStrategy;

/** Kryo, with references, and objects made without constructors where they have none. */
final class KryoEngine implements HeapEngine {
    private static final int BUFFER = 1 << 16;

    private final ByteStore store = new ByteStore();
    private final Kryo kryo = new Kryo();

    KryoEngine() {
        kryo.setRegistrationRequired(false);
        kryo.setReferences(true);
        kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
    }

    @Override
    public void write(Object root) {
        try (Output output = new Output(store.output(), BUFFER)) {
            kryo.writeClassAndObject(output, root);
        }
    }

    @Override
    public long bytes() {
        return store.size();
    }

    @Override
    public Object read() {
        try (Input input = new Input(store.input(), BUFFER)) {
            return kryo.readClassAndObject(input);
        }
    }
}
