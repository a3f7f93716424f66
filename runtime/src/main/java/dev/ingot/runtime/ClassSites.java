package dev.ingot.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where in the woven methods of one class a capture can happen.
 *
 * <p>Thread-safe. Sites of older versions of a class come along while frames may stand in them. Each site is an instruction: a poll,
 * or a call under which another frame may be captured.
 */
public final class ClassSites {
    /** The call can be repeated with the arguments it had; frames of forwarding code between caller and callee are allowed. */
    public static final int REPLAY = -1;
    /** In a compiled method handle: nothing follows the call but the return of its result, so that the frame can be left out. */
    public static final int TAIL = -3;
    /** In a compiled method handle: both, {@link #REPLAY} and {@link #TAIL}. */
    public static final int REPLAY_TAIL = -4;
    /** A call through a method handle or a call site: repeated as {@link #REPLAY}, or led past frames that are left out. */
    public static final int HANDLE = -5;
    /** In a compiled method handle: {@link #REPLAY}, and the frame saves the handle and its arguments as the signal passes. */
    public static final int SAVED_REPLAY = -6;
    /** {@link #SAVED_REPLAY}, and it is known in which of its fields the handle has the one it calls. */
    public static final int SAVED_WITH_TARGET = -7;
    /** The site is a poll. */
    public static final int POLL = 0;
    /** The site is a poll right after a monitor was entered; the frame is saved as if it were about to enter it. */
    public static final int MONITOR_POLL = -2;

    /** What {@link #write} wrote, until it is asked for, which for most classes is never; {@code null} if made otherwise. */
    private final @Nullable ByteBuffer written;

    private final @Nullable ClassSites older;
    /** Two threads may both read them: the result is the same. */
    private volatile MethodSites @Nullable [] methods;

    public ClassSites(MethodSites[] methods) {
        this(methods.clone(), null);
    }

    private ClassSites(MethodSites[] methods, @Nullable ClassSites older) {
        this.written = null;
        this.methods = methods;
        this.older = older;
    }

    /** The same in front of those of an older version of the class, which frames may still run. */
    ClassSites before(ClassSites replaced) {
        return new ClassSites(methods(), replaced);
    }

    /** Whether frames may run an older version of the class. */
    boolean mayBeOld() {
        return older != null;
    }

    /**
     * The site of {@code method} at this bytecode index in whatever version has one there, for all number their sites alike;
     * negative if none has, or if versions differ on it.
     */
    int siteInAnyVersion(String method, int bytecodeIndex) {
        int found = -1;
        for (ClassSites version = this; version != null; version = version.older) {
            MethodSites sites = version.find(method);
            int site = sites == null ? -1 : sites.siteAt(bytecodeIndex);
            if (site >= 0 && found >= 0 && site != found) {
                return -1;
            }
            found = Math.max(found, site);
        }
        return found;
    }

    private ClassSites(ByteBuffer written) {
        this.written = written;
        this.older = null;
    }

    private MethodSites[] methods() {
        MethodSites[] known = methods;
        if (known == null) {
            ByteBuffer bytes = Objects.requireNonNull(written);
            known = readMethods(bytes.duplicate().order(bytes.order()));
            methods = known;
        }
        return known;
    }

    @Nullable MethodSites find(String method) {
        for (MethodSites candidate : methods()) {
            if (candidate.method.equals(method)) {
                return candidate;
            }
        }
        return null;
    }

    /** The method of this name and descriptor but for the number at the end of the name; null if there is none or more than one. */
    @Nullable MethodSites findLambda(String method) {
        MethodSites found = null;
        for (MethodSites candidate : methods()) {
            if (isAnother(candidate.method, method)) {
                if (found != null) {
                    return null;
                }
                found = candidate;
            }
        }
        return found;
    }

    private static boolean isAnother(String method, String other) {
        int parameters = method.indexOf('(');
        int otherParameters = other.indexOf('(');
        int number = method.lastIndexOf('$', parameters) + 1;
        return number == other.lastIndexOf('$', otherParameters) + 1
                && method.regionMatches(0, other, 0, number)
                && method.substring(parameters).equals(other.substring(otherParameters));
    }

    /** The hash by which a call site recognises its callee: over name and descriptor, never one of the constants above. */
    public static int calleeHash(String method) {
        int hash = method.hashCode();
        return hash <= POLL && hash >= SAVED_REPLAY ? 1 : hash;
    }

    /** These sites as bytes, for {@link #read}. */
    public ByteBuffer write() {
        MethodSites[] methods = methods();
        byte[][] names = new byte[methods.length][];
        int length = Integer.BYTES;
        for (int i = 0; i < methods.length; i++) {
            names[i] = methods[i].method.getBytes(StandardCharsets.UTF_8);
            length += names[i].length + methods[i].encodedLength();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(methods.length);
        for (int i = 0; i < methods.length; i++) {
            bytes.putInt(names[i].length).put(names[i]);
            methods[i].write(bytes);
        }
        return bytes.flip();
    }

    /**
     * The sites that {@link #write} wrote.
     *
     * @param bytes must not change any more: they are read when the sites are first needed
     */
    public static ClassSites read(ByteBuffer bytes) {
        return new ClassSites(bytes);
    }

    private static MethodSites[] readMethods(ByteBuffer bytes) {
        MethodSites[] methods = new MethodSites[bytes.getInt()];
        for (int i = 0; i < methods.length; i++) {
            byte[] name = new byte[bytes.getInt()];
            bytes.get(name);
            methods[i] = MethodSites.read(new String(name, StandardCharsets.UTF_8), bytes);
        }
        return methods;
    }

    /** The sites of one woven method. */
    public static final class MethodSites {
        final String method;
        final int[] bytecodeIndexes;
        final int[] callees;
        final int[] delegations;
        final int bodyHash;
        final boolean base;
        final boolean synchronizedMethod;
        final boolean entryPoll;
        final @Nullable PinReason refusal;
        /**
         * By which a site is found in another version of the method, with how much is kept there: two numbers for each site, the first
         * zero where there is none, the second as {@link #kept}. Empty for methods of which only one version is looked at.
         */
        final int[] landmarks;
        /** An estimate of how many bytes of stack a frame of the method takes when it is rebuilt; 0 where none is. */
        final int rebuiltBytes;
        /** Source line plus one by site, as far as known; zero where not. Whoever asks for the same writes the same. */
        private int @Nullable [] lines;

        /**
         * @param method name and descriptor
         * @param bytecodeIndexes of the sites, in site order
         * @param callees per site {@link #POLL}, {@link #MONITOR_POLL}, {@link #REPLAY} and its kin, or the {@link #calleeHash} of the called method
         * @param delegations the sites, ascending, at which a constructor calls another one on its object, each as {@link #delegation} has it
         * @param bodyHash hash of the method as the program's class file has it
         * @param base whether the method can be the bottom frame of a thread
         * @param synchronizedMethod whether the method is declared synchronized
         * @param entryPoll whether site 0 is a poll at the method's entry
         * @param refusal why the method was not woven, or has no site at some calls, or {@code null} if it was woven whole
         * @param landmarks two numbers for each site, see {@link #landmarks}, or none at all
         * @param rebuiltBytes how many bytes of stack a rebuilt frame takes, about; 0 if frames of the method are never rebuilt
         */
        public MethodSites(
                String method,
                int[] bytecodeIndexes,
                int[] callees,
                int[] delegations,
                int bodyHash,
                boolean base,
                boolean synchronizedMethod,
                boolean entryPoll,
                @Nullable PinReason refusal,
                int[] landmarks,
                int rebuiltBytes) {
            this.method = method;
            this.bytecodeIndexes = bytecodeIndexes;
            this.callees = callees;
            this.delegations = delegations;
            this.bodyHash = bodyHash;
            this.base = base;
            this.synchronizedMethod = synchronizedMethod;
            this.entryPoll = entryPoll;
            this.refusal = refusal;
            this.landmarks = landmarks;
            this.rebuiltBytes = rebuiltBytes;
        }

        /**
         * What tells a site in any version of its method.
         *
         * @param callee as among the sites' callees
         * @param earlier how many sites before it have the same callee
         * @param primitives the sorts of the primitive values kept there, in their order
         */
        public static int landmark(int callee, int earlier, String primitives) {
            int hash = (callee * 31 + earlier) * 31 + primitives.hashCode();
            return hash == 0 ? 1 : hash;
        }

        /** How many references and monitors a frame keeps at a site. */
        public static int kept(int references, int monitors) {
            return references << Byte.SIZE | monitors;
        }

        /** The landmark of a site; zero if the method has none. */
        int landmarkOf(int site) {
            return landmarks.length == 0 ? 0 : landmarks[2 * site];
        }

        /** The first site with this landmark, of which there may be several after which the same follows; negative if there is none. */
        int siteAtLandmark(int landmark) {
            for (int site = 0; 2 * site < landmarks.length; site++) {
                if (landmarks[2 * site] == landmark) {
                    return site;
                }
            }
            return -1;
        }

        /** The only site that calls a method with this {@link #calleeHash}; negative if there is none, or more than one. */
        int siteCalling(int callee) {
            int found = -1;
            for (int site = 0; site < callees.length; site++) {
                if (callees[site] == callee) {
                    if (found >= 0) {
                        return -1;
                    }
                    found = site;
                }
            }
            return found;
        }

        boolean keepsAt(int site, int references, int monitors) {
            return landmarks.length > 2 * site && landmarks[2 * site + 1] == kept(references, monitors);
        }

        private static final int FIXED_INTS = 8;
        private static final int BASE = 1;
        private static final int SYNCHRONIZED = 2;
        private static final int ENTRY_POLL = 4;
        private static final int NOT_REFUSED = -1;
        private static final int BARE = 1;
        private static final int NEEDS_ARGUMENTS = 2;
        private static final int NO_DELEGATION = -1;

        int encodedLength() {
            int ints = bytecodeIndexes.length + callees.length + delegations.length + landmarks.length;
            return (FIXED_INTS + ints) * Integer.BYTES;
        }

        @SuppressWarnings("EnumOrdinal") // Read by the same build of Ingot only.
        void write(ByteBuffer bytes) {
            bytes.putInt((base ? BASE : 0) | (synchronizedMethod ? SYNCHRONIZED : 0) | (entryPoll ? ENTRY_POLL : 0));
            bytes.putInt(bodyHash).putInt(refusal == null ? NOT_REFUSED : refusal.ordinal());
            bytes.putInt(bytecodeIndexes.length);
            for (int index : bytecodeIndexes) {
                bytes.putInt(index);
            }
            for (int callee : callees) {
                bytes.putInt(callee);
            }
            bytes.putInt(delegations.length);
            for (int delegation : delegations) {
                bytes.putInt(delegation);
            }
            bytes.putInt(landmarks.length);
            for (int landmark : landmarks) {
                bytes.putInt(landmark);
            }
            bytes.putInt(rebuiltBytes);
        }

        @SuppressWarnings("EnumOrdinal") // Written by the same build of Ingot.
        static MethodSites read(String method, ByteBuffer bytes) {
            int flags = bytes.getInt();
            int bodyHash = bytes.getInt();
            int refusal = bytes.getInt();
            int sites = bytes.getInt();
            int[] indexes = ints(bytes, sites);
            int[] callees = ints(bytes, sites);
            int[] delegations = ints(bytes, bytes.getInt());
            return new MethodSites(
                    method,
                    indexes,
                    callees,
                    delegations,
                    bodyHash,
                    (flags & BASE) != 0,
                    (flags & SYNCHRONIZED) != 0,
                    (flags & ENTRY_POLL) != 0,
                    refusal == NOT_REFUSED ? null : PinReason.values()[refusal],
                    ints(bytes, bytes.getInt()),
                    bytes.getInt());
        }

        /** In one piece: this runs a thousand times while the JVM still interprets. */
        private static int[] ints(ByteBuffer bytes, int count) {
            int[] ints = new int[count];
            bytes.asIntBuffer().get(ints);
            bytes.position(bytes.position() + count * Integer.BYTES);
            return ints;
        }

        /**
         * A site at which a constructor calls another one on its object.
         *
         * @param isBare whether the call is repeated with default arguments
         * @param needsArguments whether the constructor must be called again with the arguments it had
         */
        public static int delegation(int site, boolean isBare, boolean needsArguments) {
            return site << 2 | (isBare ? BARE : 0) | (needsArguments ? NEEDS_ARGUMENTS : 0);
        }

        boolean delegates(int site) {
            return delegationAt(site) != NO_DELEGATION;
        }

        /** Whether the constructor called at {@code site}, one that delegates, is called again with other arguments than it had. */
        boolean forgetsArguments(int site) {
            return (delegationAt(site) & BARE) != 0;
        }

        /** Whether a frame at {@code site}, one that delegates, goes on rightly only with the arguments that its constructor had. */
        boolean needsArguments(int site) {
            return (delegationAt(site) & NEEDS_ARGUMENTS) != 0;
        }

        private int delegationAt(int site) {
            for (int delegation : delegations) {
                if (delegation >> 2 == site) {
                    return delegation;
                }
            }
            return NO_DELEGATION;
        }

        /** Source line of a site, negative if unknown. The JVM takes long to tell, and very many threads may stand at the same one. */
        int line(int site, StackWalker.StackFrame position) {
            int[] known = lines;
            if (known == null) {
                known = new int[callees.length];
                lines = known;
            }
            if (known[site] == 0) {
                known[site] = Math.max(0, position.getLineNumber() + 1);
            }
            return known[site] - 1;
        }

        int siteAt(int bytecodeIndex) {
            for (int site = 0; site < bytecodeIndexes.length; site++) {
                if (bytecodeIndexes[site] == bytecodeIndex) {
                    return site;
                }
            }
            return -1;
        }

        @Override
        public String toString() {
            return method + Arrays.toString(bytecodeIndexes);
        }
    }
}
