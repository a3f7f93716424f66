package dev.ingot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description = "Lets somebody in no more. The pool heeds that within a second.",
        mixinStandardHelpOptions = true)
final class PoolRevoke implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "NAME", description = "Who.")
    private String name = "";

    @Override
    public Integer call() throws CommandException {
        Grants grants = new Grants(pool.directory());
        if (grants.all().stream().noneMatch(grant -> grant.identity().name().equals(name))) {
            throw new CommandException("there is no grant of " + name + "; 'ingot pool grants' lists them");
        }
        grants.remove(name);
        return ExitCode.OK;
    }
}
