package dev.ingot.agent.weave;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;

/** The names by which woven code refers to the runtime. */
final class RuntimeNames {
    static final String SIGNAL = "dev/ingot/runtime/CaptureSignal";
    static final String WOVEN = "dev/ingot/runtime/Woven";
    static final String LEAVES = "dev/ingot/runtime/Leaves";
    static final String CLOCK = "dev/ingot/runtime/ProgramClock";
    static final String CONTROL = "dev/ingot/runtime/Control";
    static final String KERNEL_CALLS = "dev/ingot/runtime/KernelCalls";
    static final String LOADER_ANSWERS = "dev/ingot/runtime/LoaderAnswers";
    static final String HANDLER_THREADS = "dev/ingot/runtime/HandlerThreads";
    static final String LISTINGS = "dev/ingot/runtime/Listings";
    static final String PASS_THROUGH = "dev/ingot/runtime/PassThrough";
    static final String UNSAFE_MEMORY = "dev/ingot/runtime/UnsafeMemory";

    private static final String BOOTSTRAP = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
            + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;";
    private static final String SITE_BOOTSTRAP = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
            + "Ljava/lang/invoke/MethodType;Ljava/lang/String;)Ljava/lang/invoke/CallSite;";

    static final Handle POLL = bootstrap("poll", BOOTSTRAP);
    static final Handle OWNER_POLL = bootstrap("ownerPoll", BOOTSTRAP);
    static final Handle REBUILDING = bootstrap("rebuilding", BOOTSTRAP);
    static final Handle UNWIND = bootstrap("unwind", BOOTSTRAP);
    static final Handle SITE = bootstrap("site", SITE_BOOTSTRAP);

    static final Handle INHERITED_SLEEP =
            new Handle(Opcodes.H_INVOKESTATIC, "dev/ingot/runtime/InheritedSleep", "link", BOOTSTRAP, false);

    static final Handle PASSABLE = bootstrap(
            "passable",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
                    + "Ljava/lang/invoke/MethodHandle;[Ljava/lang/Object;)Ljava/lang/invoke/CallSite;");

    private RuntimeNames() {}

    private static Handle bootstrap(String name, String descriptor) {
        return new Handle(Opcodes.H_INVOKESTATIC, WOVEN, name, descriptor, false);
    }
}
