package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Objects;

/** How a zip file's names are encoded: one object per charset, known by its identity where that is UTF-8. */
final class ZipCoderResolver implements ObjectResolver<Object> {
    private static final String CODER = "java.util.zip.ZipCoder";

    static Object coder(String charset) throws IOException {
        return JdkCall.of(JdkClass.of(CODER), "get", Charset.class).result(null, Charset.forName(charset));
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(CODER) || type.getName().startsWith(CODER + "$");
    }

    @Override
    public Object[] describe(Object coder) {
        Object charset = Slot.of(CODER, "cs").get(coder);
        return new Object[] {((Charset) Objects.requireNonNull(charset)).name()};
    }

    @Override
    public Object resolve(Class<?> type, Object[] description) throws NotRestorableException {
        String charset = (String) description[0];
        try {
            return coder(charset);
        } catch (IOException | UnsupportedCharsetException e) {
            throw new NotRestorableException(
                    "cannot read zip files encoded in " + charset + ": this JVM has no such charset; add it", e);
        }
    }
}
