package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.runtime.ClassSites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Woven class files, kept from one JVM to the next, so that a start need not weave the same hundred classes of the JDK again, and
 * the program's.
 *
 * <p>A class is found by its name and by what it was before weaving: another JDK, or another agent that changed it first, finds
 * nothing. Whatever is wrong with the file the cache is kept in, the classes are woven anew. Thread-safe.
 */
final class WovenCache {
    /** Bytes, far more than the woven classes of one JDK take. */
    private static final int LARGEST_OF_JDK = 1 << 22;
    /** Bytes, about four thousand classes; they are in memory while the program runs. */
    private static final int LARGEST_OF_PROGRAM = 1 << 24;

    private final @Nullable WovenCacheFile file;
    private final int largest;
    private final AgentLog log;
    private final Map<String, Entry> entries = new HashMap<>();
    /** Names, with slashes, of classes found in the file that had nothing to weave. */
    private final Set<String> leftAlone = new HashSet<>();

    private int size;
    private boolean changed;
    private boolean programStarts;

    /**
     * What weaving made of one class.
     *
     * @param classFile the woven class file, or {@code null} if there was nothing to weave
     * @param sites written by {@link ClassSites#write}, or {@code null} if the class has none
     * @param outgrown as of {@link WovenClass}
     * @param early whether it was woven before the program started, so that every start needs it
     */
    record Entry(@Nullable ByteBuffer classFile, @Nullable ByteBuffer sites, boolean outgrown, boolean early) {
        /** The woven class file in an array of its own. */
        byte @Nullable [] woven() {
            if (classFile == null) {
                return null;
            }
            byte[] bytes = new byte[classFile.remaining()];
            classFile.duplicate().get(bytes);
            return bytes;
        }

        @Nullable ClassSites readSites() {
            return sites == null ? null : ClassSites.read(sites.duplicate().order(sites.order()));
        }

        int size() {
            return (classFile == null ? 0 : classFile.remaining()) + (sites == null ? 0 : sites.remaining());
        }
    }

    private WovenCache(@Nullable WovenCacheFile file, int largest, AgentLog log) {
        this.file = file;
        this.largest = largest;
        this.log = log;
    }

    /** Reads the cache of this user, JDK and build of Ingot; it is empty if there is none that can be trusted. */
    static WovenCache ofThisUser(AgentLog log) {
        return ofThisUser("", LARGEST_OF_JDK, log);
    }

    /** As {@link #ofThisUser}, for the classes of the program: of all that are started with the same class path. */
    static WovenCache ofThisProgram(AgentLog log) {
        return ofThisUser(
                System.getProperty("java.class.path", "")
                        .concat("\n")
                        .concat(System.getProperty("jdk.module.path", "")),
                LARGEST_OF_PROGRAM,
                log);
    }

    private static WovenCache ofThisUser(String program, int largest, AgentLog log) {
        try {
            return of(WovenCacheFile.ofThisUser(program), largest, log);
        } catch (IOException | RuntimeException failure) {
            log.debug("cannot use a cache of woven classes; they are woven at each start", failure);
            return new WovenCache(null, largest, log);
        }
    }

    /** @param largest how many bytes of woven classes it takes */
    static WovenCache of(WovenCacheFile file, int largest, AgentLog log) {
        WovenCache cache = new WovenCache(file, largest, log);
        try {
            cache.entries.putAll(file.read());
        } catch (IOException | RuntimeException damaged) {
            log.debug("cannot read the cache of woven classes; it is made anew", damaged);
        }
        for (Map.Entry<String, Entry> known : cache.entries.entrySet()) {
            cache.size += known.getValue().size();
            if (known.getValue().classFile() == null) {
                cache.leftAlone.add(nameIn(known.getKey()));
            }
        }
        return cache;
    }

    /** What became of this class when it was woven before, or {@code null} if that is not known. */
    synchronized @Nullable Entry find(String name, byte[] classFile) {
        return entries.isEmpty() ? null : entries.get(key(name, classFile));
    }

    /**
     * Whether an earlier JVM found nothing to weave in the class of this name, with slashes. What is woven of a class of the JDK
     * goes by names, so this holds whatever form the JVM or another agent gives it; to transform it in vain would cost.
     */
    boolean leavesAlone(String name) {
        return leftAlone.contains(name);
    }

    /**
     * The names of the classes every start has to weave, with slashes. The weaver uses some of them itself, so they have to be loaded before it weaves
     * a class that is just being loaded: it could be one of them.
     */
    synchronized List<String> names() {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getValue().early() && entry.getValue().classFile() != null) {
                names.add(nameIn(entry.getKey()));
            }
        }
        return names;
    }

    /** Remembers what became of a class; {@code woven} is {@code null} if there was nothing to weave. */
    void add(String name, byte[] classFile, @Nullable WovenClass woven) {
        if (woven == null) {
            put(name, classFile, null, null, false);
        } else {
            put(name, classFile, woven.bytes(), woven.sites().write(), woven.outgrown());
        }
    }

    /** Remembers a class that was changed without getting sites. */
    void addWithoutSites(String name, byte[] classFile, byte[] changedClassFile) {
        put(name, classFile, changedClassFile, null, false);
    }

    /**
     * Remembers what no start can load by its name: a hidden class, or a variant of a class that only some resumes need. There may
     * be any number of these, so they leave half of the room to the others. {@code woven} is {@code null} if it stays as it is.
     */
    synchronized void addSpecial(
            String name, byte[] classFile, byte @Nullable [] woven, @Nullable ClassSites sites, boolean outgrown) {
        if (size < largest / 2) {
            put(name, classFile, new Entry(wrap(woven), sites == null ? null : sites.write(), outgrown, false));
        }
    }

    private void put(
            String name, byte[] classFile, byte @Nullable [] woven, @Nullable ByteBuffer sites, boolean outgrown) {
        put(name, classFile, new Entry(wrap(woven), sites, outgrown, !hasProgramStarted()));
    }

    private synchronized void put(String name, byte[] classFile, Entry entry) {
        if (file == null || size + entry.size() > largest) {
            return;
        }
        entries.put(key(name, classFile), entry);
        size += entry.size();
        changed = true;
    }

    /** Tells what the program loads from what every start loads. */
    synchronized void programStarts() {
        programStarts = true;
    }

    synchronized boolean hasProgramStarted() {
        return programStarts;
    }

    /**
     * Writes what was added for the JVMs to come. Not under the lock: writing loads classes, which may wait for a thread that
     * loads one of them and whose weaving waits for the lock.
     */
    void save() {
        Map<String, Entry> written;
        int writtenSize;
        synchronized (this) {
            if (file == null || !changed) {
                return;
            }
            changed = false;
            written = new HashMap<>(entries);
            writtenSize = size;
        }
        try {
            file.write(written, writtenSize);
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            // The program needs its memory more.
            log.debug("cannot write the cache of woven classes; they are woven again at the next start", failure);
        }
    }

    private static @Nullable ByteBuffer wrap(byte @Nullable [] woven) {
        return woven == null ? null : ByteBuffer.wrap(woven);
    }

    private static String nameIn(String key) {
        return key.substring(0, key.indexOf(' '));
    }

    /** Two sums that native code computes: a cryptographic hash would take longer than weaving saves. */
    private static String key(String name, byte[] classFile) {
        CRC32 crc = new CRC32();
        crc.update(classFile);
        Adler32 adler = new Adler32();
        adler.update(classFile);
        return name.concat(" ")
                .concat(Long.toHexString(crc.getValue() << Integer.SIZE | adler.getValue()))
                .concat(" ")
                .concat(Integer.toString(classFile.length));
    }
}
