package dev.ingot.core.jdk.state;

import dev.ingot.core.control.Company;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import jdk.internal.misc.VM;

/**
 * System properties that the program set or removed. Those the JVM started with, from its own knowledge and its command line,
 * stay the new JVM's, as does what a pool tells a program of its gang.
 */
final class SystemProperties implements StatePart {

    /** Set by the JVM, but only after it has noted what it started with. */
    private static final Set<String> LATE =
            Set.of("stdin.encoding", "stdout.encoding", "stderr.encoding", "native.encoding", "java.vm.info");

    private static final int SET = 0;
    private static final int REMOVED = 1;

    private final Predicate<String> secret;

    /** @param secret the names of properties that are left out */
    SystemProperties(Predicate<String> secret) {
        this.secret = secret;
    }

    @Override
    public String name() {
        return "system-properties";
    }

    @Override
    public Object capture() {
        Map<String, String> initial = VM.getSavedProperties();
        Properties current = System.getProperties();
        List<Object> set = new ArrayList<>();
        for (Map.Entry<Object, Object> entry : List.copyOf(current.entrySet())) {
            if (isOfProgram(initial, entry.getKey(), entry.getValue()) && !isLeftOut(entry.getKey())) {
                set.add(entry.getKey());
                set.add(entry.getValue());
            }
        }
        List<Object> removed = new ArrayList<>();
        for (String key : initial.keySet()) {
            if (!current.containsKey(key)) {
                removed.add(key);
            }
        }
        return new Object[] {set.toArray(), removed.toArray()};
    }

    @Override
    public void restore(Object state) {
        Object[] parts = (Object[]) state;
        Properties current = System.getProperties();
        Object[] set = (Object[]) parts[SET];
        for (int i = 0; i + 1 < set.length; i += 2) {
            current.put(set[i], set[i + 1]);
        }
        for (Object key : (Object[]) parts[REMOVED]) {
            current.remove(key);
        }
    }

    private boolean isLeftOut(Object key) {
        return key instanceof String name && (secret.test(name) || name.equals(Company.PROPERTY));
    }

    private static boolean isOfProgram(Map<String, String> initial, Object key, Object value) {
        return !(key instanceof String name) || !(LATE.contains(name) || Objects.equals(initial.get(name), value));
    }
}
