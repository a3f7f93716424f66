package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.Reader;
import java.io.StringReader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Readers of strings, which keep text and position themselves up to JDK 23 and have another reader do that since then. */
final class StringReaderCodec implements ObjectCodec<StringReader> {
    private static final int TEXT = 0;
    private static final int NEXT = 1;
    private static final int MARK = 2;
    private static final int LOCK = 3;
    private static final int SIZE = 4;

    private static final Slot LOCK_FIELD = Slot.of(Reader.class, "lock");
    private static final @Nullable Slot TEXT_FIELD = Slot.find(StringReader.class, "str");

    @Override
    public boolean accepts(Class<?> type) {
        return StringReader.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return StringReader.class;
    }

    /** A closed reader has no text. */
    @Override
    public @Nullable Object[] capture(StringReader reader) {
        Object holder = holder(reader);
        @Nullable Object[] state = new @Nullable Object[SIZE];
        boolean isClosed =
                TEXT_FIELD == null && Slot.inherited(holder, "isClosed").getBoolean(holder);
        state[TEXT] = isClosed ? null : text(holder).get(holder);
        state[NEXT] = Slot.inherited(holder, "next").get(holder);
        state[MARK] = Slot.inherited(holder, "mark").get(holder);
        state[LOCK] = LOCK_FIELD.get(reader);
        return state;
    }

    @Override
    public void restore(StringReader reader, @Nullable Object[] state) {
        String text = state[TEXT] instanceof String open ? open : "";
        StringReader fresh = new StringReader(text);
        if (state[TEXT] == null) {
            fresh.close();
        }
        if (TEXT_FIELD == null) {
            Slot.inherited(reader, "r").put(reader, holder(fresh));
        } else {
            TEXT_FIELD.put(reader, TEXT_FIELD.get(fresh));
            Slot.inherited(reader, "length").put(reader, text.length());
        }
        Object holder = holder(reader);
        Slot.inherited(holder, "next").put(holder, state[NEXT]);
        Slot.inherited(holder, "mark").put(holder, state[MARK]);
        LOCK_FIELD.put(reader, state[LOCK]);
    }

    private static Object holder(StringReader reader) {
        return TEXT_FIELD != null
                ? reader
                : Objects.requireNonNull(Slot.inherited(reader, "r").get(reader));
    }

    private static Slot text(Object holder) {
        return TEXT_FIELD != null ? TEXT_FIELD : Slot.inherited(holder, "val$cs");
    }
}
