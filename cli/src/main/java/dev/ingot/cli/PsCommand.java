package dev.ingot.cli;

import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ProcessStatus;
import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "ps", description = "Lists the processes under Ingot.", mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
    /** The state of a process that runs no code at all, so that all that is known of it is what the system says. */
    private static final String STOPPED = "stopped";

    @Mixin
    private ControlOption control = new ControlOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ControlException {
        PrintWriter out = spec.commandLine().getOut();
        Processes known = new Processes(control);
        List<ProcessStatus> processes = known.all();
        List<LocalProcess> stopped = known.stopped();
        if (json) {
            out.println(json(processes, stopped));
        } else {
            print(processes, stopped, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(List<ProcessStatus> processes, List<LocalProcess> stopped, PrintWriter out) {
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
        for (LocalProcess process : stopped) {
            table.add(
                    Long.toString(process.pid()),
                    Objects.requireNonNullElse(process.givenName(), "-"),
                    STOPPED,
                    Amount.duration(process.age()),
                    "-",
                    "-",
                    "-");
        }
        table.print(out);
    }

    private static String json(List<ProcessStatus> processes, List<LocalProcess> stopped) {
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
        for (LocalProcess process : stopped) {
            writer.element()
                    .member("pid", process.pid())
                    .member("name", process.givenName())
                    .member("state", STOPPED)
                    .member("uptimeMillis", process.age().toMillis())
                    .end();
        }
        return writer.endList().finish();
    }
}
