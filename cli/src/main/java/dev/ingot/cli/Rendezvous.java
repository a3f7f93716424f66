package dev.ingot.cli;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.image.AgentArgument;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a process that may not be ready yet: a JVM that has just been started opens its control socket after its agent
 * has woven the JDK, or after the whole program has been read from its image.
 */
final class Rendezvous {
    /** How long a process of which nothing says that it runs under Ingot is given to show up. */
    private static final Duration YOUTH = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ControlOption control;
    private final Duration limit;

    /** @param limit how long a process that runs under Ingot is given */
    Rendezvous(ControlOption control, Duration limit) {
        this.control = control;
        this.limit = limit;
    }

    /** The process that is meant by {@code pid}: that of the program, where {@code pid} is the {@code ingot run} over it. */
    static long program(long pid) {
        if (!LocalProcess.of(pid).isIngotRun()) {
            return pid;
        }
        List<Long> programs = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .filter(child -> LocalProcess.of(child).agent() != null)
                .toList();
        return programs.size() == 1 ? programs.get(0) : pid;
    }

    /** @throws ControlException if the process does not answer, will not, or is no process under Ingot; the message says which */
    ControlClient connect(long pid) throws ControlException {
        long start = System.nanoTime();
        while (true) {
            LocalProcess process = LocalProcess.of(pid);
            boolean alive = process.isAlive();
            AgentArgument agent = alive ? process.agent() : null;
            try {
                return connect(pid, agent);
            } catch (ControlException failure) {
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                String verdict = verdict(process, alive, agent, waited, reason(failure));
                if (verdict != null) {
                    throw new ControlException(FailureCode.UNREACHABLE, verdict, failure);
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private ControlClient connect(long pid, @Nullable AgentArgument agent) throws ControlException {
        String directory = agent == null ? null : agent.option("control");
        if (control.isGiven() || directory == null || isKeyword(directory)) {
            return control.connect(pid);
        }
        Path place = LocalProcess.of(pid).workingDirectory().resolve(directory);
        return ControlClient.connect(ControlDirectory.at(place), pid);
    }

    private static boolean isKeyword(String directory) {
        return directory.equals("on") || directory.equals("off");
    }

    /** The message without its advice, which is for somebody who knows less. */
    private static String reason(ControlException failure) {
        return String.valueOf(failure.getMessage())
                .split(";", 2)[0]
                .replaceFirst("^cannot reach process [0-9]+ at ", "");
    }

    /** Why to wait no longer; null to go on waiting. */
    private @Nullable String verdict(
            LocalProcess process, boolean alive, @Nullable AgentArgument agent, Duration waited, String reason) {
        long pid = process.pid();
        if (!alive) {
            return "there is no process " + pid + (waited.compareTo(PAUSE) > 0 ? " any more" : "")
                    + "; 'ingot ps' lists those under Ingot";
        }
        if (agent != null && "off".equals(agent.option("control"))) {
            return "process " + pid + " was started with control=off, so no command reaches it";
        }
        if (agent != null) {
            return waited.compareTo(limit) < 0
                    ? null
                    : "process " + pid + " runs under Ingot but has not opened its control socket within "
                            + limit.toSeconds()
                            + " s (" + reason
                            + "); look what it wrote to its standard error, or wait longer with --wait";
        }
        Duration given = limit.compareTo(YOUTH) < 0 ? limit : YOUTH;
        return process.age().compareTo(given) < 0
                ? null
                : "cannot reach process " + pid + ": nothing shows that it runs under Ingot (" + reason
                        + "); start it with"
                        + " 'ingot run' or -javaagent:ingot-agent.jar; 'ingot ps' lists those that do";
    }
}
