package dev.ingot.cli;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ProcessStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes under Ingot that answer. */
final class Processes {
    private final ControlOption control;

    Processes(ControlOption control) {
        this.control = control;
    }

    List<ProcessStatus> all() throws ControlException {
        ControlDirectory directory = control.directory();
        List<ProcessStatus> found = new ArrayList<>();
        for (long pid : directory.pids()) {
            status(directory, pid).ifPresent(found::add);
        }
        return found;
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
        List<Long> matches = all().stream()
                .filter(status -> status.name().equals(pidOrName))
                .map(ProcessStatus::pid)
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
