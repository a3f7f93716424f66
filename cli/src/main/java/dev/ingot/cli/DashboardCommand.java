package dev.ingot.cli;

import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.access.Token;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "dashboard",
        description = {
            "Prints the address of the pool's dashboard with a new token in it, that of the grant 'dashboard', an admin's. The"
                    + " one before becomes worthless.",
            "The token stands behind the #, which browsers send to nobody."
        },
        mixinStandardHelpOptions = true)
final class DashboardCommand implements Callable<Integer> {
    private static final Identity WHO = new Identity("dashboard", Role.ADMIN, null);

    @Mixin
    private PoolOption pool = new PoolOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        PoolDirectory directory = pool.directory();
        String address;
        try {
            address = Files.readString(directory.address());
        } catch (IOException none) {
            throw new CommandException(
                    "the pool at " + directory.path()
                            + " is not served at a port; 'ingot up' does so unless it is told --listen none",
                    none);
        }
        String token = Token.create();
        Grant grant = new Grant(WHO, Token.hash(token), null);
        new Grants(directory).put(grant);
        spec.commandLine().getOut().println(address + "/#token=" + token);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
