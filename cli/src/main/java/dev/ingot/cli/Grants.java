package dev.ingot.cli;

import dev.ingot.scheduler.access.AccessFile;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The grants of a pool of this machine, also while it is not up. */
final class Grants {
    private final AccessFile file;

    Grants(PoolDirectory directory) throws CommandException {
        this.file = new AccessFile(directory.access());
        try {
            directory.prepare();
        } catch (IOException unusable) {
            throw failure(unusable);
        }
    }

    private static CommandException failure(IOException failure) {
        return new CommandException("cannot use the pool's grants: " + failure.getMessage(), failure);
    }

    List<Grant> all() throws CommandException {
        try {
            return file.read();
        } catch (IOException unreadable) {
            throw failure(unreadable);
        }
    }

    /** Adds a grant, or replaces the one of that name. */
    void put(Grant grant) throws CommandException {
        try {
            file.change(grants -> {
                List<Grant> all = without(grants, grant.identity().name());
                all.add(grant);
                return all;
            });
        } catch (IOException failure) {
            throw failure(failure);
        }
    }

    void remove(String name) throws CommandException {
        try {
            file.change(grants -> without(grants, name));
        } catch (IOException failure) {
            throw failure(failure);
        }
    }

    private static List<Grant> without(List<Grant> grants, String name) {
        List<Grant> left = new ArrayList<>(grants);
        left.removeIf(grant -> grant.identity().name().equals(name));
        return left;
    }
}
