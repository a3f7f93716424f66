package dev.ingot.cli;

import dev.ingot.core.image.AgentArgument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A process of this machine, watched from outside. */
record LocalProcess(long pid) {
    private static final Duration PAUSE = Duration.ofMillis(5);

    static LocalProcess of(long pid) {
        return new LocalProcess(pid);
    }

    /** Whether it still runs: one that has exited but whose parent has not noticed yet does not. */
    boolean isAlive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie();
    }

    private boolean isZombie() {
        return state() == 'Z';
    }

    /** Whether a signal (SIGSTOP, Ctrl-Z) or a debugger keeps it from running at all, so that it can answer nothing. */
    boolean isStopped() {
        char state = state();
        return state == 'T' || state == 't';
    }

    /** The letter the system has for its state; a question mark where there is no telling. */
    private char state() {
        String stat = read("stat");
        // The name before the state is in brackets and may itself hold any character.
        int at = stat.lastIndexOf(')') + 2;
        return at < stat.length() ? stat.charAt(at) : '?';
    }

    /** Ingot's agent on its command line or in its environment; null where there is none, or it cannot be seen. */
    @Nullable AgentArgument agent() {
        for (String file : List.of("cmdline", "environ")) {
            AgentArgument found = agentIn(file);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The name of its images, where the agent's options say it; null where they do not. */
    @Nullable String givenName() {
        AgentArgument agent = agent();
        return agent == null ? null : agent.option("name");
    }

    /** Whether it is a JVM started by the usual launcher, rather than a shell whose command line has that of one. */
    boolean isJava() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command -> Path.of(command).endsWith("java"))
                .orElse(false);
    }

    /** Whether it is this command, watching over a program. */
    boolean isIngotRun() {
        List<String> words = List.of(read("cmdline").split("\\x00", -1));
        for (int i = 0; i + 1 < words.size(); i++) {
            if (words.get(i).endsWith("ingot-cli.jar")) {
                return words.get(i + 1).equals("run");
            }
        }
        return false;
    }

    private @Nullable AgentArgument agentIn(String file) {
        for (String word : read(file).split("\\x00| (?=-)|=(?=-)", -1)) {
            AgentArgument agent = AgentArgument.parse(word, workingDirectory());
            if (agent != null) {
                return agent;
            }
        }
        return null;
    }

    Path workingDirectory() {
        try {
            return directory().resolve("cwd").toRealPath();
        } catch (IOException gone) {
            return Path.of("");
        }
    }

    /** How long it has run; a century where the system does not say. */
    Duration age() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ofDays(36_500));
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }

    /** Empty where it cannot be read. */
    private String read(String file) {
        try {
            return new String(Files.readAllBytes(directory().resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Waits until it is gone; returns whether it is. */
    boolean awaitExit(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
