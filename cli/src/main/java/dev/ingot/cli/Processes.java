package dev.ingot.cli;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.ProcessStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** The processes under Ingot. */
final class Processes {
    /** At most so many are asked at once. */
    private static final int ASKED_AT_ONCE = 16;

    private final ControlOption control;

    Processes(ControlOption control) {
        this.control = control;
    }

    /** Those that answer, by their ids. One that takes its time to answer keeps none of the others waiting. */
    List<ProcessStatus> all() throws ControlException {
        ControlDirectory directory = control.directory();
        List<Callable<Optional<ProcessStatus>>> questions = new ArrayList<>();
        for (long pid : directory.pids()) {
            if (!LocalProcess.of(pid).isStopped()) {
                questions.add(() -> status(directory, pid));
            }
        }
        return answers(questions);
    }

    /** Those that cannot answer because they are {@linkplain LocalProcess#isStopped stopped}, by their ids. */
    List<LocalProcess> stopped() throws ControlException {
        return control.directory().pids().stream()
                .map(LocalProcess::of)
                .filter(LocalProcess::isStopped)
                .toList();
    }

    private static List<ProcessStatus> answers(List<Callable<Optional<ProcessStatus>>> questions)
            throws ControlException {
        if (questions.isEmpty()) {
            return List.of();
        }
        ExecutorService asking = Executors.newFixedThreadPool(Math.min(questions.size(), ASKED_AT_ONCE));
        try {
            List<ProcessStatus> answers = new ArrayList<>();
            for (Future<Optional<ProcessStatus>> answer : asking.invokeAll(questions)) {
                answer.get().ifPresent(answers::add);
            }
            return answers;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof ControlException told) {
                throw told;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ControlException(FailureCode.UNREACHABLE, "interrupted while processes were asked", interrupted);
        } finally {
            asking.shutdownNow();
        }
    }

    // A socket that nobody answers is no reason to show nothing: its process may have gone this moment.
    private Optional<ProcessStatus> status(ControlDirectory directory, long pid) throws ControlException {
        try (ControlClient client = control.connect(pid)) {
            return Optional.of(client.status());
        } catch (ControlException silent) {
            if (!LocalProcess.of(pid).isAlive()) {
                directory.forget(pid);
            }
            return Optional.empty();
        }
    }

    /** The process a user means by its id or the name of its images. */
    long find(String pidOrName) throws ControlException, CommandException {
        if (!pidOrName.isEmpty() && pidOrName.chars().allMatch(Character::isDigit)) {
            return Long.parseLong(pidOrName);
        }
        List<Long> matches = Stream.concat(
                        all().stream()
                                .filter(status -> status.name().equals(pidOrName))
                                .map(ProcessStatus::pid),
                        stopped().stream()
                                .filter(process -> pidOrName.equals(process.givenName()))
                                .map(LocalProcess::pid))
                .toList();
        if (matches.isEmpty()) {
            matches = silent(pidOrName);
        }
        if (matches.isEmpty()) {
            throw new CommandException("no process under Ingot is named '" + pidOrName
                    + "'; 'ingot ps' lists them, a process id works too");
        }
        if (matches.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    matches.size() + " processes are named '" + pidOrName + "'; name one by its id: " + matches);
        }
        return matches.get(0);
    }

    /** Those that do not answer, perhaps because they are only just starting or being resumed, but were given the name. */
    private static List<Long> silent(String name) {
        return ProcessHandle.allProcesses()
                .map(process -> LocalProcess.of(process.pid()))
                .filter(process -> process.isJava() && name.equals(process.givenName()))
                .map(LocalProcess::pid)
                .toList();
    }
}
