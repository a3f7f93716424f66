package dev.ingot.cli;

import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "grants", description = "Lists who may come in at the pool's port.", mixinStandardHelpOptions = true)
final class PoolGrants implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        List<Grant> grants = new Grants(pool.directory()).all();
        PrintWriter out = spec.commandLine().getOut();
        JsonWriter writer = JsonWriter.indented().list("grants");
        Table table = new Table("NAME", "ROLE", "TENANT", "BY");
        for (Grant grant : grants) {
            Identity who = grant.identity();
            String tenant = who.tenant();
            String role = PoolJson.text(who.role());
            String certificate = grant.certificate();
            writer.element()
                    .member("name", who.name())
                    .member("role", role)
                    .member("tenant", tenant)
                    .member("certificate", certificate)
                    .end();
            table.add(who.name(), role, tenant == null ? "-" : tenant, certificate == null ? "token" : certificate);
        }
        if (json) {
            out.println(writer.endList().finish());
        } else {
            table.print(out);
        }
        out.flush();
        return ExitCode.OK;
    }
}
