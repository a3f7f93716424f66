package dev.ingot.core.jdk.security;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Parameters of TLS connections. Later JDKs keep the names of servers and what they are compared with in lists, earlier ones by type in maps. */
final class TlsParametersCodec implements ObjectCodec<SSLParameters> {
    private static final List<String> BY_TYPE = List.of("sniNames", "sniMatchers");
    private static final int FIELDS = 0;
    private static final int FIRST_BY_TYPE = 1;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("javax.net.ssl.SSLParameters");
    }

    @Override
    public @Nullable Object[] capture(SSLParameters parameters) {
        return new @Nullable Object[] {
            FieldState.capture(parameters, SSLParameters.class, Set.copyOf(BY_TYPE)),
            elements(parameters, BY_TYPE.get(0)),
            elements(parameters, BY_TYPE.get(1))
        };
    }

    private static Object @Nullable [] elements(SSLParameters parameters, String field) {
        Object value = Slot.of(SSLParameters.class, field).get(parameters);
        if (value instanceof Map<?, ?> map) {
            return map.values().toArray();
        }
        return value instanceof Collection<?> list ? list.toArray() : null;
    }

    @Override
    public void restore(SSLParameters parameters, @Nullable Object[] state) {
        Object fields = state[FIELDS];
        if (fields != null) {
            FieldState.restore(parameters, fields);
        }
        for (int i = 0; i < BY_TYPE.size(); i++) {
            if (state[FIRST_BY_TYPE + i] instanceof Object[] elements) {
                Slot slot = Slot.of(SSLParameters.class, BY_TYPE.get(i));
                slot.put(parameters, slot.type() == Map.class ? byType(elements) : new ArrayList<>(List.of(elements)));
            }
        }
    }

    private static Map<Integer, Object> byType(Object[] elements) {
        Map<Integer, Object> byType = new LinkedHashMap<>();
        for (Object element : elements) {
            if (element instanceof SNIServerName name) {
                byType.put(name.getType(), name);
            } else if (element instanceof SNIMatcher matcher) {
                byType.put(matcher.getType(), matcher);
            }
        }
        return byType;
    }
}
