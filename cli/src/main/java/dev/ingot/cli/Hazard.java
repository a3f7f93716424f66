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
    VIRTUAL_THREAD(
            "irtualThread",
            "may start virtual threads",
            "before JDK 24 a checkpoint waits until all of them have ended"),
    WATCH_SERVICE(
            "java/nio/file/WatchService", "may watch directories", "a checkpoint is refused while one is watched"),
    ASYNCHRONOUS_CHANNEL(
            "java/nio/channels/Asynchronous",
            "may use asynchronous channels",
            "a checkpoint is refused while one is open"),
    FOREIGN_MEMORY(
            "java/lang/foreign/Arena",
            "may use memory outside the heap",
            "a checkpoint is refused while a native arena is in use");

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
