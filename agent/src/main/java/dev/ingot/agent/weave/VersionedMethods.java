package dev.ingot.agent.weave;

import dev.ingot.runtime.ClassSites;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * By what a frame of a method of the JDK finds its place in another version of that method: what may still follow there, in most.
 *
 * <p>In the methods named here threads wait or the program is called, and what follows is not the same in JDK 17 to 25 but means the same, and so does what a frame
 * keeps at a call: the sources of these versions were compared. What they were called with they keep in any case, since one version may
 * use it later and another one not. There a place is told by what is called and kept; a call that only one version makes has none in the
 * others. Proxies are made by the JDK, too.
 */
final class VersionedMethods {
    private static final String CONCURRENT = "java/util/concurrent/";

    private static final Map<String, Set<String>> NAMES = Map.of(
            "java/lang/Thread",
            Set.of("join"),
            CONCURRENT + "locks/LockSupport",
            Set.of("park", "parkNanos", "parkUntil"),
            CONCURRENT + "locks/AbstractQueuedSynchronizer",
            Set.of("acquire"),
            CONCURRENT + "locks/AbstractQueuedSynchronizer$ConditionObject",
            Set.of("await", "awaitNanos", "awaitUninterruptibly", "awaitUntil"),
            CONCURRENT + "ForkJoinPool",
            Set.of("unmanagedBlock"),
            CONCURRENT + "CompletableFuture",
            Set.of("get", "join", "timedGet", "waitingGet"),
            "java/net/ServerSocket",
            Set.of("implAccept"),
            "sun/nio/ch/EPollSelectorImpl",
            Set.of("doSelect"),
            "sun/nio/ch/NioSocketImpl",
            Set.of("accept", "timedAccept"),
            "java/security/AccessController",
            Set.of("doPrivileged", "doPrivilegedWithCombiner", "executePrivileged"));

    private static final int[] NONE = {};

    private VersionedMethods() {}

    /** Whether the methods of this name are among those named here. */
    static boolean haveWait(String owner, String method) {
        Set<String> names = NAMES.get(owner);
        return names != null && names.contains(method);
    }

    /** What {@link ClassSites.MethodSites} has of a method's sites besides their callees; none for most methods. */
    static int[] landmarks(String owner, boolean isProxy, MethodNode method, WovenMethod woven, int[] callees) {
        boolean isNamed = isProxy || haveWait(owner, method.name);
        int[] continuations = woven.continuations();
        if (!isNamed && continuations.length == 0) {
            return NONE;
        }
        List<Site> sites = woven.sites();
        boolean isReceiverKeptApart = (method.access & Opcodes.ACC_STATIC) == 0 && !woven.copiesReceiver();
        int[] landmarks = new int[2 * callees.length];
        for (int k = 0; k < callees.length; k++) {
            Site site = sites.get(k);
            if (isNamed && site.kept() > 0) {
                continue;
            }
            StringBuilder primitives = new StringBuilder();
            int references = 0;
            for (SavedLocal saved : site.saved()) {
                if (saved.sort() != 'A') {
                    primitives.append(saved.sort());
                } else if (saved.index() > 0 || !isReceiverKeptApart) {
                    references++;
                }
            }
            landmarks[2 * k] = isNamed
                    ? ClassSites.MethodSites.landmark(callees[k], earlierCalls(callees, k), primitives.toString())
                    : continuations[k];
            landmarks[2 * k + 1] = ClassSites.MethodSites.kept(references, site.monitorsToLeave());
        }
        return landmarks;
    }

    private static int earlierCalls(int[] callees, int site) {
        int earlier = 0;
        for (int k = 0; k < site; k++) {
            earlier += callees[k] == callees[site] ? 1 : 0;
        }
        return earlier;
    }
}
