package dev.ingot.agent.weave;

import dev.ingot.runtime.ClassSites;
import dev.ingot.runtime.PinReason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.JSRInlinerAdapter;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Weaves class files. A pure function of the class file and the request: the same input gives the same sites in every JVM.
 * Thread-safe.
 */
public final class Weaver {
    /** Part of every image: a frame is re-entered only by code woven the same way. */
    public static final int VERSION = 13;

    private static final String PROXY = "java/lang/reflect/Proxy";

    private static final int CLASS_FILE_METHOD_LIMIT = 65535;
    /** A lean method of this size stays within the limit of the class file when it is made resumable. */
    private static final int SURELY_RESUMABLE = 4000;
    /** So many bytes at least the resumable variant has more for each site: an entry of a switch, and a jump. */
    private static final int SMALLEST_RESTORE = 8;
    /** How many slots of the operand stack are saved at most where a class file cannot hold more; the first that fits. */
    private static final int[] FEWER_KEPT = {1, 0};

    private final ClassHierarchy hierarchy;

    /** @param hierarchy answers which classes extend which, for class files too old to carry stack map frames */
    public Weaver(ClassHierarchy hierarchy) {
        this.hierarchy = hierarchy;
    }

    /**
     * The class file in a version that can be woven: itself, or, where it is older, another one that says what its classes have in common, so
     * that nobody who has it need ask what extends what; null if this takes classes that are not known.
     */
    public byte @Nullable [] modernise(byte[] classFile) {
        int version = StackMaps.majorVersion(classFile);
        if (version >= Opcodes.V1_7) {
            return classFile;
        }
        ClassReader reader = new ClassReader(classFile);
        byte[] modern = modernised(reader);
        if (hierarchy.hasGuessed() && version == Opcodes.V1_6 && StackMaps.areComplete(classFile)) {
            return withOwnFrames(reader);
        }
        return hierarchy.hasGuessed() && !GuessedTypes.suffice(modern, hierarchy) ? null : modern;
    }

    /** Weaves a class; null if there is nothing in it to weave, or it is so old that this takes classes that are not known. */
    public @Nullable WovenClass weave(byte[] classFile, WeaveRequest request) {
        byte[] modern = modernise(classFile);
        if (modern == null) {
            return null;
        }
        ClassReader reader = new ClassReader(modern);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        ClassPass pass = new ClassPass(writer, reader, request);
        reader.accept(pass, ClassReader.EXPAND_FRAMES);
        if (!pass.changed) {
            return null;
        }
        byte[] woven = writer.toByteArray();
        return new WovenClass(woven, pass.sites(woven), pass.outgrown);
    }

    /** Old class files have neither {@code invokedynamic} nor, mostly, stack map frames; give them both. */
    private byte[] modernised(ClassReader reader) {
        ClassWriter writer = new HierarchyClassWriter(hierarchy);
        reader.accept(new Moderniser(writer), ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    /** Compilers of its time gave it frames, although the JVM does without. They say what its classes have in common, which is not known here. */
    private static byte[] withOwnFrames(ClassReader reader) {
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new Moderniser(writer), 0);
        return writer.toByteArray();
    }

    private static final class Moderniser extends ClassVisitor {
        Moderniser(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            super.visit(Opcodes.V1_7, access, name, signature, superName, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new JSRInlinerAdapter(next, access, name, descriptor, signature, exceptions);
        }
    }

    /** One pass over a class; each method is buffered, woven and passed on. */
    private static final class ClassPass extends ClassVisitor {
        private final ClassReader reader;
        private final String owner;
        /** Whether this is the class of dynamic proxies, whose name another JVM may not know, so that it cannot ask by name. */
        private final boolean isProxy;

        private final WeaveRequest request;
        private final CallRewriter calls;
        private final Constants constants;
        private final List<MethodEntry> entries = new ArrayList<>();
        private boolean changed;
        private boolean outgrown;

        /** A woven or refused method until the class file is written and its labels have offsets. */
        private record MethodEntry(
                MethodNode method,
                int bodyHash,
                @Nullable MethodShape shape,
                WovenMethod woven,
                int size,
                @Nullable PinReason refusal) {}

        ClassPass(ClassVisitor next, ClassReader reader, WeaveRequest request) {
            super(Opcodes.ASM9, next);
            this.reader = reader;
            this.owner = reader.getClassName();
            this.isProxy = PROXY.equals(reader.getSuperName());
            this.request = request;
            this.calls = new CallRewriter(reader);
            this.constants = new Constants(owner);
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            constants.add(access, name, descriptor);
            return super.visitField(access, name, descriptor, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0 || !selected(name)) {
                return next;
            }
            return new MethodNode(Opcodes.ASM9, access, name, descriptor, signature, exceptions) {
                @Override
                public void visitEnd() {
                    super.visitEnd();
                    process(this).accept(next);
                }
            };
        }

        private boolean selected(String name) {
            return !request.jdkRules() || JdkMethods.isWoven(owner, name);
        }

        private MethodNode process(MethodNode method) {
            int hash = BodyHash.of(method, owner);
            changed |= calls.rewrite(method);
            boolean constructor = method.name.equals("<init>");
            if (method.name.equals("<clinit>") || (constructor && request.jdkRules())) {
                return method;
            }
            boolean placeholder = constructor
                    && (request.allResumable() || request.resumable().contains(WeaveRequest.PLACEHOLDER));
            MethodInsnNode call = placeholder ? Prologue.callIn(owner, method) : null;
            MethodNode woven = weave(method, hash);
            if (call != null) {
                Placeholder.weave(owner, woven, call);
                changed = true;
            }
            if (LoaderEntry.isOne(woven)) {
                LoaderEntry.weave(owner, woven);
                changed = true;
            }
            return woven;
        }

        private MethodNode weave(MethodNode method, int hash) {
            MethodShape shape = shapeOf(method);
            if (!shape.entryPoll() && !CallScan.mayHaveSite(method)) {
                return method;
            }
            if (NativeAddresses.areHeldBy(owner, method.name)) {
                return refuse(method, hash, PinReason.UNWOVEN_CLASS);
            }
            try {
                WovenMethod woven = MethodWeaver.weave(constants, method, shape);
                if (woven.sites().isEmpty()) {
                    return original(method);
                }
                int size = CodeSize.of(method);
                if (fits(size, woven, method, shape)) {
                    noteGrowth(size, method);
                    return add(method, hash, shape, woven, size, null);
                }
                return weaveLess(method, hash, shape, woven.sites());
            } catch (RefusedException e) {
                return refuse(original(method), hash, e.reason());
            }
        }

        private MethodNode weaveLess(MethodNode method, int hash, MethodShape shape, List<Site> all)
                throws RefusedException {
            MethodNode original = original(method);
            int originalSize = CodeSize.of(original);
            for (int mostKept : FEWER_KEPT) {
                int sites = 0;
                for (Site site : all) {
                    sites += site.kept() <= mostKept ? 1 : 0;
                }
                if (sites == 0 || originalSize + sites * SMALLEST_RESTORE > CLASS_FILE_METHOD_LIMIT) {
                    continue;
                }
                MethodShape fewer = shape.withMostKept(mostKept);
                MethodNode smaller = original(method);
                WovenMethod woven = MethodWeaver.weave(constants, smaller, fewer);
                int size = CodeSize.of(smaller);
                if (fits(size, woven, method, fewer)) {
                    noteGrowth(size, method);
                    return add(smaller, hash, fewer, woven, size, PinReason.METHOD_TOO_LARGE);
                }
            }
            return refuse(original, hash, PinReason.METHOD_TOO_LARGE);
        }

        /** The method as it was before it was woven, read again: few methods need this, and to copy all of them takes longer. */
        private MethodNode original(MethodNode method) {
            MethodNode[] found = new MethodNode[1];
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public @Nullable MethodVisitor visitMethod(
                                int access, String name, String descriptor, String signature, String[] exceptions) {
                            if (!name.equals(method.name) || !descriptor.equals(method.desc)) {
                                return null;
                            }
                            found[0] = new MethodNode(Opcodes.ASM9, access, name, descriptor, signature, exceptions);
                            return found[0];
                        }
                    },
                    ClassReader.EXPAND_FRAMES);
            MethodNode original = Objects.requireNonNull(found[0]);
            calls.rewrite(original);
            return original;
        }

        private MethodNode add(
                MethodNode method,
                int hash,
                MethodShape shape,
                WovenMethod woven,
                int size,
                @Nullable PinReason refusal) {
            changed = true;
            entries.add(new MethodEntry(method, hash, shape, woven, size, refusal));
            return method;
        }

        /** Whether a class file can hold both variants of the method; the answer must be the same whichever is asked for. */
        private boolean fits(int size, WovenMethod woven, MethodNode method, MethodShape shape)
                throws RefusedException {
            if (shape.resumable() || size <= SURELY_RESUMABLE) {
                return size <= CLASS_FILE_METHOD_LIMIT;
            }
            if (size + woven.sites().size() * SMALLEST_RESTORE > CLASS_FILE_METHOD_LIMIT) {
                return false;
            }
            MethodNode resumable = original(method);
            MethodWeaver.weave(constants, resumable, shape.withResumable(true));
            return CodeSize.of(resumable) <= CLASS_FILE_METHOD_LIMIT;
        }

        private void noteGrowth(int size, MethodNode method) {
            outgrown |= size > CodeSize.HOTSPOT_COMPILE_LIMIT
                    && CodeSize.of(original(method)) <= CodeSize.HOTSPOT_COMPILE_LIMIT;
        }

        private MethodNode refuse(MethodNode original, int hash, PinReason reason) {
            entries.add(new MethodEntry(original, hash, null, WovenMethod.none(), 0, reason));
            changed = true;
            return original;
        }

        private MethodShape shapeOf(MethodNode method) {
            boolean virtualBase = isVirtualBase(method);
            boolean base = virtualBase || (!request.forwarder() && isBase(method));
            boolean resumable = base
                    || isProxy
                    || request.allResumable()
                    || request.resumable().contains(method.name + method.desc);
            boolean polls = !request.jdkRules() && !request.forwarder();
            boolean isSynchronized = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
            boolean entryPoll = !method.name.equals("<init>")
                    && ((polls && CallScan.hasSite(method)) || (base && !virtualBase) || isSynchronized);
            return new MethodShape(
                    resumable,
                    base,
                    entryPoll,
                    polls,
                    MethodShape.ALL,
                    request.jdkRules() || isProxy,
                    VersionedMethods.haveWait(owner, method.name));
        }

        /** Whether a thread's stack can begin with this method. */
        private static boolean isBase(MethodNode method) {
            boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
            if (method.name.equals("run")) {
                return !isStatic && method.desc.equals("()V");
            }
            return method.name.equals("main")
                    && (method.desc.equals("([Ljava/lang/String;)V") || method.desc.equals("()V"));
        }

        /** Whether a virtual thread's stack begins with this method, as far as it can be captured; a platform thread's goes on below. */
        private boolean isVirtualBase(MethodNode method) {
            return owner.equals("java/lang/Thread") && method.name.equals("runWith");
        }

        ClassSites sites(byte[] woven) {
            ClassSites.MethodSites[] methods = new ClassSites.MethodSites[entries.size()];
            for (int i = 0; i < methods.length; i++) {
                methods[i] = sitesOf(entries.get(i), woven);
            }
            return new ClassSites(methods);
        }

        private ClassSites.MethodSites sitesOf(MethodEntry entry, byte[] woven) {
            MethodNode method = entry.method;
            List<Site> sites = entry.woven.sites();
            int[] callees = new int[sites.size()];
            BitSet delegations = new BitSet();
            for (int k = 0; k < callees.length; k++) {
                callees[k] = calleeOf(sites.get(k));
                delegations.set(k, sites.get(k).kind().delegates());
            }
            boolean entryPoll = !sites.isEmpty() && sites.get(0).kind() == Site.Kind.ENTRY_POLL;
            return new ClassSites.MethodSites(
                    method.name + method.desc,
                    entry.shape != null ? bytecodeIndexes(entry, delegations, woven) : new int[0],
                    callees,
                    delegations(sites, delegations),
                    entry.bodyHash,
                    entry.shape != null && entry.shape.base(),
                    (method.access & Opcodes.ACC_SYNCHRONIZED) != 0,
                    entryPoll,
                    entry.refusal,
                    VersionedMethods.landmarks(owner, isProxy, method, entry.woven, callees),
                    entry.shape == null ? 0 : RebuiltFrame.bytes(method, entry.size, entry.shape, sites.size()));
        }

        /** Without a stream, whose linkage would weave classes in turn. */
        private static int[] delegations(List<Site> sites, BitSet delegating) {
            int[] delegations = new int[delegating.cardinality()];
            int index = -1;
            for (int i = 0; i < delegations.length; i++) {
                index = delegating.nextSetBit(index + 1);
                Site site = sites.get(index);
                delegations[i] = ClassSites.MethodSites.delegation(
                        index, site.kind() == Site.Kind.BARE_DELEGATION, site.needsArguments());
            }
            return delegations;
        }

        private static int calleeOf(Site site) {
            return switch (site.kind()) {
                case ENTRY_POLL, LOOP_POLL -> ClassSites.POLL;
                case MONITOR_POLL -> ClassSites.MONITOR_POLL;
                case REPLAY -> site.callsHandle() ? ClassSites.HANDLE : ClassSites.REPLAY;
                case CALL, CONSTRUCTION, DROPPED_CONSTRUCTION, DELEGATION, BARE_DELEGATION ->
                    ClassSites.calleeHash(CallScan.calleeOf(site.instruction()));
            };
        }

        private static int[] bytecodeIndexes(MethodEntry entry, BitSet delegations, byte[] woven) {
            List<LabelNode> begins = entry.woven.begins();
            int[] indexes = new int[begins.size()];
            for (int k = 0; k < indexes.length; k++) {
                indexes[k] = begins.get(k).getLabel().getOffset();
                if (indexes[k] > Short.MAX_VALUE) {
                    // Long jumps make ASM rewrite the method, after which the labels' offsets no longer hold.
                    return WrittenSites.of(woven, entry.method.name, entry.method.desc, delegations);
                }
            }
            return indexes;
        }
    }
}
