package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.agent.weave.WovenClass;
import dev.ingot.runtime.ClassSites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Woven class files, kept from one JVM to the next, so that a start need not weave the same hundred classes of the JDK again, and
 * the program's.
 *
 * <p>A class is found by its name and by what it was before weaving: another JDK, or another agent that changed it first, finds
 * nothing. Whatever is wrong with the file the cache is kept in, the classes are woven anew. What this JVM weaves is in its heap until it is
 * written, which is done whenever there are some megabytes of it. Thread-safe.
 */
final class WovenCache {
    /** Bytes, many times what the woven classes of one JDK take in a single program. */
    private static final int LARGEST_OF_JDK = 1 << 25;
    /** Bytes, about fifty thousand classes. */
    private static final int LARGEST_OF_PROGRAM = 1 << 28;
    /** Bytes in the program's heap. */
    private static final int MOST_UNWRITTEN = 1 << 22;

    private final @Nullable WovenCacheFile file;
    private final int largest;
    private final AgentLog log;
    /** Names, with slashes, of classes found in the file that had nothing to weave. */
    private final Set<String> leftAlone;
    /** Held while the file is written, and never asked for by a thread that loads a class. */
    private final Object writing = new Object();

    private WovenRecords written;
    private final Map<WovenKey, Entry> unwritten = new HashMap<>();
    private int unwrittenSize;
    private boolean writesInPassing;
    private boolean programStarts;

    /**
     * What weaving made of one class.
     *
     * @param classFile the woven class file, or {@code null} if there was nothing to weave
     * @param sites written by {@link ClassSites#write}, or {@code null} if the class has none
     * @param outgrown as of {@link WovenClass}
     * @param early whether it was woven before the program started, so that every start needs it
     * @param special whether no start can load it by its name
     */
    record Entry(
            @Nullable ByteBuffer classFile,
            @Nullable ByteBuffer sites,
            boolean outgrown,
            boolean early,
            boolean special) {
        /** The woven class file in an array of its own. */
        byte @Nullable [] woven() {
            if (classFile == null) {
                return null;
            }
            byte[] bytes = new byte[classFile.remaining()];
            classFile.duplicate().get(bytes);
            return bytes;
        }

        /** What weaving made of a class that is not hidden, or {@code null} if there was nothing to weave. */
        @Nullable WovenClass wovenClass() {
            byte[] bytes = woven();
            ClassSites read = readSites();
            return bytes == null || read == null ? null : new WovenClass(bytes, read, outgrown);
        }

        @Nullable ClassSites readSites() {
            return sites == null ? null : ClassSites.read(sites.duplicate().order(sites.order()));
        }

        int size() {
            return (classFile == null ? 0 : classFile.remaining()) + (sites == null ? 0 : sites.remaining());
        }
    }

    private WovenCache(@Nullable WovenCacheFile file, WovenRecords written, int largest, AgentLog log) {
        this.file = file;
        this.written = written;
        this.largest = largest;
        this.log = log;
        this.leftAlone = new HashSet<>(written.leftAlone());
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
            return new WovenCache(null, WovenRecords.none(), largest, log);
        }
    }

    /** @param largest bytes; a file that would become larger is begun anew */
    static WovenCache of(WovenCacheFile file, int largest, AgentLog log) {
        try {
            return new WovenCache(file, file.read(), largest, log);
        } catch (IOException | RuntimeException damaged) {
            log.debug("cannot read the cache of woven classes; it is made anew", damaged);
            return new WovenCache(file, WovenRecords.none(), largest, log);
        }
    }

    /** What became of this class when it was woven before, or {@code null} if that is not known. */
    @Nullable Entry find(String name, byte[] classFile) {
        WovenKey key = WovenKey.of(name, classFile);
        WovenRecords records;
        synchronized (this) {
            Entry entry = unwritten.get(key);
            if (entry != null) {
                return entry;
            }
            records = written;
        }
        return records.find(key);
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
        return written.early();
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
    void addSpecial(
            String name, byte[] classFile, byte @Nullable [] woven, @Nullable ClassSites sites, boolean outgrown) {
        put(name, classFile, new Entry(wrap(woven), sites == null ? null : sites.write(), outgrown, false, true));
    }

    private void put(
            String name, byte[] classFile, byte @Nullable [] woven, @Nullable ByteBuffer sites, boolean outgrown) {
        put(name, classFile, new Entry(wrap(woven), sites, outgrown, !hasProgramStarted(), false));
    }

    private void put(String name, byte[] classFile, Entry entry) {
        WovenKey key = WovenKey.of(name, classFile);
        synchronized (this) {
            // Much more than what begins a write is there only where none can go on.
            if (file == null
                    || unwrittenSize > 4 * MOST_UNWRITTEN
                    || (entry.special() && written.end() + unwrittenSize > largest / 2)) {
                return;
            }
            Entry replaced = unwritten.put(key, entry);
            unwrittenSize += entry.size() - (replaced == null ? 0 : replaced.size());
            if (unwrittenSize < MOST_UNWRITTEN || writesInPassing) {
                return;
            }
            writesInPassing = true;
        }
        try {
            AgentThreads.start("cache", new InPassing());
        } catch (SecurityException forbidden) {
            // By a program's security manager, for the sake of the code that loads the class; it is written at the end,
            // then.
            log.debug("cannot write the cache of woven classes while the program runs", forbidden);
        }
    }

    /** Not by the thread that loads a class: writing loads some, too. */
    private final class InPassing implements Runnable {
        @Override
        public void run() {
            try {
                save();
            } finally {
                synchronized (WovenCache.this) {
                    writesInPassing = false;
                }
            }
        }
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
        synchronized (writing) {
            Map<WovenKey, Entry> added;
            synchronized (this) {
                if (file == null || unwritten.isEmpty()) {
                    return;
                }
                added = new HashMap<>(unwritten);
            }
            WovenRecords now = null;
            try {
                now = file.append(added, largest);
            } catch (IOException | RuntimeException | OutOfMemoryError failure) {
                // The program needs its memory more.
                log.debug("cannot write the cache of woven classes; they are woven again at the next start", failure);
            }
            synchronized (this) {
                written = now == null ? written : now;
                for (Map.Entry<WovenKey, Entry> entry : added.entrySet()) {
                    if (unwritten.get(entry.getKey()) == entry.getValue()) {
                        unwritten.remove(entry.getKey());
                        unwrittenSize -= entry.getValue().size();
                    }
                }
            }
        }
    }

    /** Runs {@code task} while nothing is written. */
    void runApart(Runnable task) {
        synchronized (writing) {
            task.run();
        }
    }

    private static @Nullable ByteBuffer wrap(byte @Nullable [] woven) {
        return woven == null ? null : ByteBuffer.wrap(woven);
    }
}
