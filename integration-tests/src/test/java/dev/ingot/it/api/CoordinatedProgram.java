package dev.ingot.it.api;

import java.util.ArrayList;
import java.util.List;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.crac.RestoreException;

/** Registers resources with org.crac, is refused once, and is suspended twice. */
final class CoordinatedProgram {
    /** The global context holds its resources weakly. */
    private static final List<Guarded> RESOURCES = new ArrayList<>();

    private static String vetoing = "two";

    private CoordinatedProgram() {}

    private record Guarded(String name) implements Resource {
        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            say("before " + name);
            if (name.equals(vetoing)) {
                throw new IllegalStateException(name + " is busy");
            }
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            say("after " + name);
        }
    }

    public static void main(String[] arguments) throws CheckpointException, RestoreException {
        for (String name : List.of("one", "two", "three")) {
            Guarded resource = new Guarded(name);
            RESOURCES.add(resource);
            Core.getGlobalContext().register(resource);
        }
        try {
            Core.checkpointRestore();
        } catch (CheckpointException refused) {
            say("refused: " + refused.getSuppressed()[0].getMessage());
        }
        vetoing = "";
        for (int i = 1; i <= 2; i++) {
            Core.checkpointRestore();
            say("returned " + i);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
