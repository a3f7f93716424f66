package dev.ingot.api;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Turns objects into bytes, where the first argument is true, and bytes into objects, where it is false. */
final class CodecLink<T> implements BiFunction<Boolean, Object, Object> {
    private static final int INITIAL_BYTES = 256;
    private static final int UNLIMITED = -1;

    private final Codec<T> codec;

    @ExcludedFromImage
    private @Nullable Kryo kryo;

    CodecLink(Codec<T> codec) {
        this.codec = codec;
    }

    @Override
    public synchronized Object apply(Boolean write, Object subject) {
        return write ? write(codec.type().cast(subject)) : read((byte[]) subject);
    }

    private byte[] write(T object) {
        var output = new Output(INITIAL_BYTES, UNLIMITED);
        codec.serializer().write(kryo(), output, object);
        return output.toBytes();
    }

    private T read(byte[] bytes) {
        return codec.serializer().read(kryo(), new Input(bytes), codec.type());
    }

    private Kryo kryo() {
        Kryo used = kryo;
        if (used == null) {
            used = new Kryo();
            used.setRegistrationRequired(false);
            used.setClassLoader(codec.type().getClassLoader());
            kryo = used;
        }
        return used;
    }
}
