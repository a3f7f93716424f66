package dev.ingot.core.jvm;

import java.util.ArrayList;
import java.util.List;

/**
 * Gives classes of this JVM the identity hash codes they had in another one: hash tables of a program may be built on these.
 *
 * <p>A class may have got a hash before: the JDK hashes the classes it deals with, some even when it is built. Such a hash is replaced and the
 * {@linkplain TablesOfClasses tables of the JDK} that depend on it are put in order. No table of anybody else can depend on it, because
 * nothing of the program has run or been restored yet. Threads that the JVM and the agent run may miss an entry of such a table while this
 * is at work, and make it anew then as they would for one that was collected; {@linkplain MethodTypeTable method types} they may not make.
 */
public final class ClassHashes {
    private static final int ATTEMPTS = 1000;

    private ClassHashes() {}

    /**
     * Gives each class the hash at the same place.
     *
     * @param hashes positive ones, at least one for each class
     * @return the classes that keep another hash, since this JVM is none whose headers or tables are known
     */
    public static List<Class<?>> give(List<Class<?>> classes, int[] hashes) {
        List<Class<?>> others = new ArrayList<>();
        List<Integer> replacements = new ArrayList<>();
        for (int index = 0; index < classes.size(); index++) {
            Class<?> type = classes.get(index);
            if (!IdentityHashes.ensure(type, hashes[index])) {
                others.add(type);
                replacements.add(hashes[index]);
            }
        }
        return others.isEmpty() || !IdentityHashes.SUPPORTED ? others : replace(others, replacements);
    }

    private static List<Class<?>> replace(List<Class<?>> classes, List<Integer> hashes) {
        TablesOfClasses tables;
        try {
            tables = new TablesOfClasses(classes, hashes);
        } catch (IllegalStateException unknownJdk) {
            return classes;
        }
        tables.prepare();
        List<Class<?>> kept = new ArrayList<>();
        for (int index = 0; index < classes.size(); index++) {
            if (!replace(classes.get(index), hashes.get(index))) {
                kept.add(classes.get(index));
            }
        }
        tables.rehash();
        return kept;
    }

    /** Somebody may hold its lock for a moment. */
    private static boolean replace(Class<?> type, int hash) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (IdentityHashes.replace(type, hash)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }
}
