package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import org.jspecify.annotations.Nullable;

/**
 * What earlier JVMs have woven, for this one: classes of the JDK, which every program shares, and those of this program.
 * Thread-safe.
 */
public final class WovenCaches {
    private final WovenCache jdk;
    private final WovenCache program;

    WovenCaches(WovenCache jdk, WovenCache program) {
        this.jdk = jdk;
        this.program = program;
    }

    /** Reads both; they are empty where there is none that can be trusted. */
    public static WovenCaches ofThisJvm(AgentLog log) {
        return new WovenCaches(WovenCache.ofThisUser(log), WovenCache.ofThisProgram(log));
    }

    WovenCache jdk() {
        return jdk;
    }

    WovenCache program() {
        return program;
    }

    /** The cache for a hidden class that {@code loader} defines; those of the JDK that only this program makes go with it. */
    WovenCache forHidden(@Nullable ClassLoader loader) {
        boolean inJdk = loader == null || loader == ClassLoader.getPlatformClassLoader();
        return inJdk && !jdk.hasProgramStarted() ? jdk : program;
    }

    /** What is woven from here on a program asked for that is resumed. */
    void imageBegins() {
        jdk.programStarts();
    }

    /** Keeps what was woven so far for the JVMs to come; what is woven from here on the program asked for. */
    void programStarts() {
        jdk.programStarts();
        jdk.save();
    }

    /** Keeps what was woven since then, too. */
    void save() {
        jdk.save();
        program.save();
    }

    /** Runs {@code task} while neither is written. */
    void runApart(Runnable task) {
        jdk.runApart(() -> program.runApart(task));
    }
}
