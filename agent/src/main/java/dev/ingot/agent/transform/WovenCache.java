package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.runtime.ClassSites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    /** Far more than the woven classes of one JDK take, and about a thousand of a program. */
    private static final int LARGEST = 1 << 22;

    private final @Nullable WovenCacheFile file;
    private final AgentLog log;
    private final Map<String, Entry> entries = new HashMap<>();
    private int size;
    private boolean changed;
    private boolean programStarts;

    /**
     * What weaving made of one class.
     *
     * @param woven the class file, or {@code null} if there was nothing to weave
     * @param sites written by {@link ClassSites#write}, or {@code null} if the class has none
     * @param early whether it was woven before the program started, so that every start needs it
     */
    @SuppressWarnings("ArrayRecordComponent") // A class file; no two entries are ever compared.
    record Entry(byte @Nullable [] woven, @Nullable ByteBuffer sites, boolean early) {
        @Nullable ClassSites readSites() {
            return sites == null ? null : ClassSites.read(sites.duplicate().order(sites.order()));
        }

        int size() {
            return (woven == null ? 0 : woven.length) + (sites == null ? 0 : sites.remaining());
        }
    }

    private WovenCache(@Nullable WovenCacheFile file, AgentLog log) {
        this.file = file;
        this.log = log;
    }

    /** Reads the cache of this user, JDK and build of Ingot; it is empty if there is none that can be trusted. */
    static WovenCache ofThisUser(AgentLog log) {
        return ofThisUser("", log);
    }

    /** As {@link #ofThisUser}, for the classes of the program: of all that are started with the same class path. */
    static WovenCache ofThisProgram(AgentLog log) {
        return ofThisUser(
                System.getProperty("java.class.path", "")
                        .concat("\n")
                        .concat(System.getProperty("jdk.module.path", "")),
                log);
    }

    private static WovenCache ofThisUser(String program, AgentLog log) {
        try {
            return of(WovenCacheFile.ofThisUser(program), log);
        } catch (IOException | RuntimeException failure) {
            log.debug("cannot use a cache of woven classes; they are woven at each start", failure);
            return new WovenCache(null, log);
        }
    }

    static WovenCache of(WovenCacheFile file, AgentLog log) {
        WovenCache cache = new WovenCache(file, log);
        try {
            cache.entries.putAll(file.read());
        } catch (IOException | RuntimeException damaged) {
            log.debug("cannot read the cache of woven classes; it is made anew", damaged);
        }
        for (Entry entry : cache.entries.values()) {
            cache.size += entry.size();
        }
        return cache;
    }

    /** What became of this class when it was woven before, or {@code null} if that is not known. */
    synchronized @Nullable Entry find(String name, byte[] classFile) {
        return entries.isEmpty() ? null : entries.get(key(name, classFile));
    }

    /**
     * The names of the classes every start needs, with slashes. The weaver uses some of them itself, so they have to be loaded before it weaves
     * a class that is just being loaded: it could be one of them.
     */
    synchronized List<String> names() {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getValue().early()) {
                names.add(entry.getKey().substring(0, entry.getKey().indexOf(' ')));
            }
        }
        return names;
    }

    /** Remembers what became of a class; {@code woven} is {@code null} if there was nothing to weave. */
    void add(String name, byte[] classFile, @Nullable WovenClass woven) {
        if (woven == null) {
            put(name, classFile, null, null);
        } else {
            put(name, classFile, woven.bytes(), woven.sites().write());
        }
    }

    /** Remembers a class that was changed without getting sites. */
    void addWithoutSites(String name, byte[] classFile, byte[] changedClassFile) {
        put(name, classFile, changedClassFile, null);
    }

    private synchronized void put(String name, byte[] classFile, byte @Nullable [] woven, @Nullable ByteBuffer sites) {
        Entry entry = new Entry(woven, sites, !programStarts);
        if (file == null || size + entry.size() > LARGEST) {
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
        } catch (IOException | RuntimeException failure) {
            log.debug("cannot write the cache of woven classes; they are woven again at the next start", failure);
        }
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
