package dev.ingot.cli;

import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ProcessStatus;
import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "ps", description = "Lists the processes under Ingot.", mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
    @Mixin
    private ControlOption control = new ControlOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ControlException {
        PrintWriter out = spec.commandLine().getOut();
        List<ProcessStatus> processes = new Processes(control).all();
        if (json) {
            out.println(json(processes));
        } else {
            print(processes, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(List<ProcessStatus> processes, PrintWriter out) {
        Table table = new Table("PID", "NAME", "STATE", "UPTIME", "THREADS", "IMAGES", "MAIN");
        for (ProcessStatus process : processes) {
            table.add(
                    Long.toString(process.pid()),
                    process.name(),
                    process.state().text(),
                    Amount.duration(process.uptime()),
                    Integer.toString(process.threads()),
                    Long.toString(process.imagesTaken()),
                    process.main());
        }
        table.print(out);
    }

    private static String json(List<ProcessStatus> processes) {
        JsonWriter writer = JsonWriter.indented().list("processes");
        for (ProcessStatus process : processes) {
            writer.element()
                    .member("pid", process.pid())
                    .member("name", process.name())
                    .member("main", process.main())
                    .member("state", process.state().text())
                    .member("uptimeMillis", process.uptime().toMillis())
                    .member("threads", process.threads())
                    .member("images", process.imagesDirectory())
                    .member("imagesTaken", process.imagesTaken())
                    .end();
        }
        return writer.endList().finish();
    }
}
