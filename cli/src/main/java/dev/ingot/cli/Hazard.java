package dev.ingot.cli;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** What a class may do that keeps a program from being checkpointed; found by what its constant pool names. */
enum Hazard {
    NATIVE_CODE(
            "loadLibrary",
            "may load native libraries",
            "a program that has loaded one is refused unless the agent is told native=allow"),
    CHILD_PROCESS("Ljava/lang/Process;", "may start other programs", "a checkpoint is refused while one of them runs"),
    FOREIGN_FUNCTION(
            "java/lang/foreign/Linker",
            "may call native functions",
            "a checkpoint is refused while memory holds a native address or a function can call back, and waits while one does"),
    UNSAFE_MEMORY(
            "allocateMemory",
            "may allocate memory by Unsafe",
            "a checkpoint is refused while some is not freed, unless the agent is told native=allow"),
    SELF_ATTACH(
            "com/sun/tools/attach/VirtualMachine",
            "may attach an agent to their own JVM",
            "a checkpoint is refused from then on"),
    MODULE_LAYER(
            "java/lang/ModuleLayer$Controller",
            "may make layers of named modules",
            "a checkpoint is refused while one is in use"),
    TASK_SCOPE(
            "java/util/concurrent/StructuredTaskScope",
            "may open structured task scopes",
            "a checkpoint is refused while one is open");

    private final String marker;
    private final String what;
    private final String consequence;

    Hazard(String marker, String what, String consequence) {
        this.marker = marker;
        this.what = what;
        this.consequence = consequence;
    }

    /** As in: it has classes that … */
    String what() {
        return what;
    }

    String consequence() {
        return consequence;
    }

    /** What the class in this file may do. Names stand in a constant pool as plain text. */
    static Set<Hazard> of(byte[] classFile) {
        String text = new String(classFile, StandardCharsets.ISO_8859_1);
        Set<Hazard> found = EnumSet.noneOf(Hazard.class);
        for (Hazard hazard : values()) {
            if (text.contains(hazard.marker)) {
                found.add(hazard);
            }
        }
        return found;
    }
}
