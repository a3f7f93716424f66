package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.io.FieldState;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.font.FontRenderContext;
import java.util.Objects;
import java.util.Set;

/** Measures of fonts, which are taken anew. */
final class FontMetricsCodec implements ObjectCodec<FontMetrics> {
    private static final String TYPE = "sun.font.FontDesignMetrics";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public Object[] capture(FontMetrics metrics) {
        return new Object[] {metrics.getFont(), metrics.getFontRenderContext()};
    }

    @Override
    public void restore(FontMetrics metrics, Object[] state) {
        Object fresh = HiddenMethod.of(JdkClass.of(TYPE), "getMetrics", Font.class, FontRenderContext.class)
                .call(null, state[0], state[1]);
        FieldState.restore(metrics, FieldState.capture(Objects.requireNonNull(fresh), Set.of()));
    }

    @Override
    public int order() {
        return RestoreOrder.MEASURES;
    }
}
