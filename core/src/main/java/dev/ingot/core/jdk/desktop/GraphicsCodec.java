package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a program draws with onto an image in memory: made anew for the image and set as it was. */
final class GraphicsCodec implements ObjectCodec<Graphics2D> {
    private static final String TYPE = "sun.java2d.SunGraphics2D";
    private static final String ADVICE = "; dispose of it before the checkpoint";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public @Nullable Object[] capture(Graphics2D graphics) throws NotCapturableException {
        Object surface = Slot.of(TYPE, "surfaceData").get(graphics);
        if (isDisposed(surface)) {
            return new @Nullable Object[0];
        }
        Object image = HiddenMethod.of(JdkClass.of("sun.java2d.SurfaceData"), "getDestination")
                .call(surface);
        if (!(image instanceof BufferedImage)) {
            throw new NotCapturableException(
                    "cannot carry graphics that draw onto something other than an image in memory" + ADVICE);
        }
        if (Slot.of(TYPE, "constrainClip").get(graphics) != null
                || Slot.of(TYPE, "constrainX").getInt(graphics) != 0
                || Slot.of(TYPE, "constrainY").getInt(graphics) != 0) {
            throw new NotCapturableException(
                    "cannot carry graphics that were restricted to a part of their image" + ADVICE);
        }
        return new @Nullable Object[] {
            image,
            graphics.getTransform(),
            graphics.getClip(),
            graphics.getBackground(),
            graphics.getColor(),
            graphics.getPaint(),
            graphics.getComposite(),
            graphics.getStroke(),
            graphics.getFont(),
            graphics.getRenderingHints().entrySet().stream()
                    .map(hint -> new @Nullable Object[] {hint.getKey(), hint.getValue()})
                    .toArray()
        };
    }

    private static boolean isDisposed(@Nullable Object surface) {
        return surface == null
                || surface
                        == Slot.of("sun.java2d.NullSurfaceData", "theInstance").get(null);
    }

    @Override
    public void restore(Graphics2D graphics, @Nullable Object[] state) throws NotRestorableException {
        Graphics2D fresh = (state.length == 0
                        ? new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                        : (BufferedImage) state[0])
                .createGraphics();
        if (!fresh.getClass().getName().equals(TYPE)) {
            throw new NotRestorableException("cannot restore graphics: this JVM draws with a "
                    + fresh.getClass().getName() + "; start it with the same options");
        }
        if (state.length == 0) {
            fresh.dispose();
        } else {
            set(fresh, state);
        }
        FieldState.restore(graphics, FieldState.capture(fresh, Set.of()));
    }

    private static void set(Graphics2D fresh, @Nullable Object[] state) {
        fresh.setTransform((AffineTransform) state[1]);
        fresh.setClip((Shape) state[2]);
        fresh.setBackground((Color) state[3]);
        fresh.setColor((Color) state[4]);
        fresh.setPaint((Paint) state[5]);
        fresh.setComposite((Composite) state[6]);
        fresh.setStroke((Stroke) state[7]);
        fresh.setFont((Font) state[8]);
        for (Object hint : (Object[]) state[9]) {
            Object[] pair = (Object[]) hint;
            fresh.setRenderingHint((RenderingHints.Key) pair[0], pair[1]);
        }
    }

    @Override
    public int order() {
        return RestoreOrder.GRAPHICS;
    }
}
