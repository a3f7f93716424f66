package dev.ingot.cli;

import dev.ingot.core.image.ImageName;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.access.Token;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "grant",
        description = {
            "Lets somebody in at the pool's port, and prints its token, which is kept nowhere. A grant of the same name is"
                    + " replaced; the pool heeds that within a second.",
            "A viewer looks; an operator submits and directs workloads too; an admin directs nodes and reservations too; a node is"
                    + " the node of its name and may do nothing else. Who"
                    + " belongs to a tenant knows of no other tenant's workloads.",
            ""
        },
        footer = {"", "Example:", "  ingot pool grant alice --role operator --tenant team-a > alice.token"},
        mixinStandardHelpOptions = true)
final class PoolGrant implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "NAME", description = "Who.")
    private String name = "";

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer, operator, admin or node.")
    private Role role = Role.VIEWER;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "To whom it belongs (default: to nobody, it knows all).")
    private @Nullable String tenant;

    @Option(
            names = "--certificate",
            paramLabel = "SUBJECT",
            description = "Instead of a token: the subject of its certificate, such as CN=alice,OU=ops.")
    private @Nullable String certificate;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        Identity identity = new Identity(ImageName.require(name), role, tenant);
        String token = certificate == null ? Token.create() : null;
        Grant grant = new Grant(identity, token == null ? null : Token.hash(token), certificate);
        new Grants(pool.directory()).put(grant);
        if (token != null) {
            spec.commandLine().getOut().println(token);
            spec.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }
}
