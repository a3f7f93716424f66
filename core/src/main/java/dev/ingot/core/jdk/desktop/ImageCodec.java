package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.io.FieldState;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.util.Set;

/** Images in memory, without what drawing to them has cached. */
final class ImageCodec implements ObjectCodec<BufferedImage> {
    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, "java.awt.image.BufferedImage");
    }

    @Override
    public Class<?> stateOf() {
        return Image.class;
    }

    @Override
    public Object[] capture(BufferedImage image) {
        return FieldState.capture(image, Image.class, Set.of("surfaceManager"));
    }

    @Override
    public void restore(BufferedImage image, Object[] state) {
        FieldState.restore(image, state);
    }
}
