package dev.ingot.it.api;

import dev.ingot.api.CheckpointException;
import dev.ingot.api.CheckpointHook;
import dev.ingot.api.ExcludedFromImage;
import dev.ingot.api.Ingot;
import dev.ingot.api.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Asks for checkpoints and says what came of it. */
final class AskingProgram {
    private static final Store STORE = new Store();

    private AskingProgram() {}

    private static final class Store {
        String kept = "kept";

        @ExcludedFromImage
        String cache = "warm";
    }

    private record Told(String name, boolean vetoes) implements CheckpointHook {
        @Override
        public void beforeCheckpoint() {
            say("before " + name);
            if (vetoes) {
                throw new IllegalStateException(name + " is busy");
            }
        }

        @Override
        public void afterCheckpoint() {
            say("after " + name);
        }

        @Override
        public void afterRestore() {
            say("restored " + name);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            switch (arguments[0]) {
                case "both" -> both();
                case "hooks" -> hooks();
                case "veto" -> veto();
                case "region" -> region();
                case "interrupted" -> interrupted();
                case "together" -> together();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (CheckpointException refused) {
            say("refused: " + refused.getMessage());
            refused.pins().forEach(pin -> say("pinned " + pin.thread() + " " + pin.reason()));
            for (Throwable cause : refused.getSuppressed()) {
                say("because " + cause.getMessage());
            }
        }
        say("end");
    }

    private static void both() throws CheckpointException {
        int local = 41;
        Outcome first = Ingot.checkpoint();
        say(first + " " + (local + 1) + " " + STORE.kept + " " + STORE.cache);
        Outcome second = Ingot.suspend();
        say(second + " " + (local + 2) + " " + STORE.kept + " " + STORE.cache);
    }

    private static void hooks() throws CheckpointException {
        Ingot.register(new Told("old", false));
        Ingot.register(new Told("new", false));
        Ingot.checkpoint();
        Ingot.suspend();
    }

    private static void veto() throws CheckpointException {
        Ingot.register(new Told("old", false));
        Ingot.register(new Told("new", true));
        Ingot.checkpoint();
    }

    private static void region() throws CheckpointException {
        try (var region = Ingot.uncheckpointable("holds a lease")) {
            say("in " + (region != null));
            Ingot.checkpoint();
        }
    }

    private static void interrupted() throws CheckpointException {
        Thread.currentThread().interrupt();
        say(Ingot.checkpoint() + " " + Thread.currentThread().isInterrupted());
        say(Ingot.suspend() + " " + Thread.interrupted());
    }

    private static void together() throws InterruptedException {
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread asker = new Thread(AskingProgram::ask);
            askers.add(asker);
            asker.start();
        }
        for (Thread asker : askers) {
            asker.join();
        }
    }

    private static void ask() {
        try {
            say("got " + Ingot.checkpoint());
        } catch (CheckpointException refused) {
            say("refused: " + refused.getMessage());
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
