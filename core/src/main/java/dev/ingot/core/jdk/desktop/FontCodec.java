package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.awt.Font;
import java.util.Set;

/** Fonts by what the program asked for; what the system has for it is looked up anew. */
final class FontCodec implements ObjectCodec<Font> {
    /** What a font finds again when it is used. */
    private static final Set<String> FOUND = Set.of("pData", "peer", "font2DHandle", "flmref");

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, "java.awt.Font");
    }

    @Override
    public Class<?> stateOf() {
        return Font.class;
    }

    @Override
    public Object[] capture(Font font) throws NotCapturableException {
        if (Slot.of(Font.class, "createdFont").getBoolean(font)) {
            throw new NotCapturableException("cannot carry the font " + font.getName()
                    + ", which Font.createFont made of a file: the font itself is native memory;"
                    + " release it before the checkpoint, or install it in the system");
        }
        return FieldState.capture(font, Font.class, FOUND);
    }

    @Override
    public void restore(Font font, Object[] state) {
        FieldState.restore(font, state);
    }
}
