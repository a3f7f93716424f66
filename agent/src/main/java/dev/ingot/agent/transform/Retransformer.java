package dev.ingot.agent.transform;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.weave.JdkClasses;
import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.runtime.FrameRecord;
import dev.ingot.runtime.SiteTable;
import dev.ingot.runtime.ThreadRecord;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Weaves classes that are loaded already. */
public final class Retransformer {
    private final Instrumentation instrumentation;
    private final WeavingTransformer transformer;
    private final ResumableMethods resumable;
    private final AgentLog log;

    public Retransformer(
            Instrumentation instrumentation, WeavingTransformer transformer, ResumableMethods resumable, AgentLog log) {
        this.instrumentation = instrumentation;
        this.transformer = transformer;
        this.resumable = resumable;
        this.log = log;
    }

    /**
     * Weaves what the JDK had loaded before the agent started, and what weaving itself makes the JDK load: the JVM shows no
     * transformer a class that is loaded by a thread inside one.
     */
    public synchronized void weaveLoadedJdkClasses() {
        try {
            for (List<Class<?>> missed = missedJdkClasses(); !missed.isEmpty(); missed = missedJdkClasses()) {
                retransform(missed);
            }
        } catch (UnmodifiableClassException | LinkageError e) {
            log.error("cannot weave the classes of the JDK; no checkpoint can be taken", e);
        }
    }

    /** Weaves what agents that were started before this one have loaded of the application's classes, its main class perhaps. */
    public void weaveClassesOfOtherAgents() {
        if (!transformer.hasOtherAgents()) {
            return;
        }
        List<Class<?>> early = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getClassLoader() == ClassLoader.getSystemClassLoader()
                    && transformer.takes(type)
                    && !transformer.isOfOtherAgent(type)
                    && instrumentation.isModifiableClass(type)) {
                early.add(type);
            }
        }
        try {
            if (!early.isEmpty()) {
                retransform(early);
            }
        } catch (UnmodifiableClassException | LinkageError e) {
            log.warn(
                    "cannot weave classes that another agent has loaded; threads inside them cannot be captured: write Ingot's -javaagent first",
                    e);
        }
    }

    /** All at once, which is fastest; where the JVM refuses that for the sake of some, those are found and left out. */
    private void retransform(List<Class<?>> types) throws UnmodifiableClassException {
        try {
            instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
        } catch (UnsupportedOperationException e) {
            if (types.size() == 1) {
                log.warn(
                        "cannot weave " + types.get(0).getName()
                                + ", which another agent changes in a way that the JVM allows only while a class is loaded;"
                                + " threads inside it cannot be captured",
                        e);
                return;
            }
            int middle = types.size() / 2;
            retransform(types.subList(0, middle));
            retransform(types.subList(middle, types.size()));
        }
    }

    /**
     * Weaves what was loaded meanwhile by threads inside a transformer, ours or another agent's, such as what a class loader of the
     * program needs to answer where a class file is.
     */
    public synchronized void weaveMissedClasses() {
        List<Class<?>> missed = missedJdkClasses();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (transformer.hasMissed(type) && instrumentation.isModifiableClass(type)) {
                missed.add(type);
            }
        }
        if (missed.isEmpty()) {
            return;
        }
        log.debug("weaves " + missed.size() + " classes that were loaded by transformers");
        try {
            retransform(missed);
        } catch (UnmodifiableClassException | LinkageError e) {
            log.warn(
                    "cannot weave classes that were loaded by transformers; threads inside them cannot be captured", e);
        }
    }

    private List<Class<?>> missedJdkClasses() {
        List<Class<?>> missed = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            boolean unloadable = type.getClassLoader() != null || type.isHidden();
            if (!unloadable && !transformer.wasShown(type) && isWovenJdkClass(type)) {
                missed.add(type);
            }
        }
        return missed;
    }

    private boolean isWovenJdkClass(Class<?> type) {
        if (type.getClassLoader() != null || type.isArray() || type.isPrimitive() || type.isHidden()) {
            return false;
        }
        String name = type.getName().replace('.', '/');
        return (JdkClasses.mayWeave(name) || JdkClasses.isProgramLike(name) || JdkClasses.isSpecial(name))
                && !transformer.leavesAlone(name)
                && instrumentation.isModifiableClass(type);
    }

    /** Lets class loaders of the program that are being restored be answered for; see {@link dev.ingot.runtime.LoaderAnswers}. */
    public void weaveLoader() {
        try {
            instrumentation.retransformClasses(ClassLoader.class);
        } catch (UnmodifiableClassException | LinkageError e) {
            log.warn("class loaders of the program are asked for classes before all they need is there", e);
        }
    }

    /** Weaves again all loaded classes that have one of these names, whosever they are, after more became known of them. */
    public void weaveAllAgain(Set<String> names) throws UnmodifiableClassException {
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isHidden() && names.contains(type.getName()) && instrumentation.isModifiableClass(type)) {
                loaded.add(type);
            }
        }
        if (!loaded.isEmpty()) {
            instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
        }
    }

    /**
     * Makes every method on these stacks resumable. The threads wait at their bottom frames meanwhile, so no frame of an older
     * version is left but in other threads.
     *
     * @param alone whether there are no other threads of the program
     * @throws UnmodifiableClassException if a class cannot be woven again, in which case the stacks cannot be rebuilt
     */
    public void makeResumable(List<ThreadRecord> threads, boolean alone) throws UnmodifiableClassException {
        Set<String> changed = new HashSet<>();
        for (ThreadRecord thread : threads) {
            for (FrameRecord frame : thread.frames()) {
                Class<?> owner = frame.owner();
                boolean fixed = owner.isHidden()
                        || owner.getName().startsWith("dev.ingot.runtime.")
                        || owner.getName().startsWith("jdk.crac.");
                if (!fixed && resumable.add(owner.getName(), frame.method())) {
                    changed.add(owner.getName());
                }
                for (Class<?> above : frame.superclassesOfConstruction()) {
                    if (resumable.add(above.getName(), WeaveRequest.PLACEHOLDER)) {
                        changed.add(above.getName());
                    }
                }
            }
        }
        if (!changed.isEmpty()) {
            SiteTable.framesStand(!alone);
            try {
                // Another class of the same name, in another loader, is known to be resumable from here on, too.
                weaveAllAgain(changed);
            } finally {
                SiteTable.framesStand(false);
            }
        }
    }
}
