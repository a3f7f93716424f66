package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "diff",
        description = "Shows what changed from one image to another: program, threads, classes, files, properties.",
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = ImageReference.HELP)
    private String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "The other image.")
    private String second = "";

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ImageException, CommandException {
        PrintWriter out = spec.commandLine().getOut();
        ImageReference reference = new ImageReference(images.store());
        ImageHandle before = reference.resolve(first);
        ImageHandle after = reference.resolve(second);
        List<Difference> differences = Difference.between(before.manifest(), after.manifest());
        if (json) {
            out.println(json(differences));
        } else {
            print(differences, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(List<Difference> differences, PrintWriter out) {
        if (differences.isEmpty()) {
            out.println("no differences but in the heap's content");
            return;
        }
        Table table = new Table("WHAT", "NAME", "BEFORE", "AFTER");
        differences.forEach(
                difference -> table.add(difference.what(), difference.name(), difference.before(), difference.after()));
        table.print(out);
    }

    private static String json(List<Difference> differences) {
        JsonWriter json = JsonWriter.indented().list("differences");
        for (Difference difference : differences) {
            json.element()
                    .member("what", difference.what())
                    .member("name", difference.name())
                    .member("before", difference.before())
                    .member("after", difference.after())
                    .end();
        }
        return json.endList().finish();
    }
}
