package dev.ingot.cli;

import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = {
            "Looks for what would keep programs from being checkpointed here, without running any.",
            "Given a java command, looks at its options and class path too."
        },
        footer = {"", "Examples:", "  ingot doctor", "  ingot doctor -- java -jar app.jar"},
        mixinStandardHelpOptions = true,
        customSynopsis = "ingot doctor [OPTIONS] [--] [java [JVM-OPTIONS] MAIN [ARGUMENTS]]")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(
            names = "--java",
            paramLabel = "PATH",
            description = "The java launcher or JDK directory to look at (default: that of the command, or this one).")
    private @Nullable Path java;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The java command and its arguments.")
    private List<String> command = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Diagnosis diagnosis = new Diagnosis();
        EnvironmentCheck environment = new EnvironmentCheck(diagnosis);
        environment.checkAgent();
        environment.checkJava(java == null ? launcher() : java);
        environment.checkImages(images.directory());
        environment.checkControl();
        if (!command.isEmpty()) {
            new ProgramCheck(diagnosis).check(command.subList(1, command.size()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(diagnosis));
        } else {
            print(diagnosis, out);
        }
        out.flush();
        return diagnosis.hasProblem() ? ExitCode.FAILED : ExitCode.OK;
    }

    private Path launcher() {
        boolean byPath = !command.isEmpty() && command.get(0).indexOf('/') >= 0;
        return byPath ? Path.of(command.get(0)) : Path.of(System.getProperty("java.home"));
    }

    private static void print(Diagnosis diagnosis, PrintWriter out) {
        Table table = new Table("", "WHAT", "FOUND");
        for (Diagnosis.Finding finding : diagnosis.findings()) {
            table.add(finding.weight().name().toLowerCase(Locale.ROOT), finding.subject(), finding.text());
        }
        table.print(out);
    }

    private static String json(Diagnosis diagnosis) {
        JsonWriter json = JsonWriter.indented().list("findings");
        for (Diagnosis.Finding finding : diagnosis.findings()) {
            json.element()
                    .member("weight", finding.weight().name().toLowerCase(Locale.ROOT))
                    .member("subject", finding.subject())
                    .member("text", finding.text())
                    .end();
        }
        return json.endList().finish();
    }
}
