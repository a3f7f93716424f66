package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Manifest;
import dev.ingot.core.json.JsonWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "images",
        description = "Lists images, or prunes them.",
        mixinStandardHelpOptions = true,
        subcommands = ImagesCommand.Prune.class)
final class ImagesCommand implements Callable<Integer> {
    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(names = "--name", paramLabel = "NAME", description = "Only images of this name.")
    private @Nullable String name;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ImageException {
        PrintWriter out = spec.commandLine().getOut();
        ImageStore store = images.store();
        List<ImageHandle> complete = new ArrayList<>();
        List<ImageException> unusable = new ArrayList<>();
        for (String each : name == null ? store.names() : List.of(name)) {
            for (Path image : store.directories(each)) {
                try {
                    complete.add(ImageStore.open(image));
                } catch (ImageException damaged) {
                    unusable.add(damaged);
                }
            }
        }
        out.print(json ? json(complete, unusable) + System.lineSeparator() : "");
        if (!json) {
            print(complete, out);
            unusable.forEach(damaged -> out.println("not usable: " + damaged.getMessage()));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(List<ImageHandle> complete, PrintWriter out) {
        Table table = new Table("NAME", "DIRECTORY", "CREATED", "SIZE", "OBJECTS", "JDK", "MAIN");
        for (ImageHandle image : complete) {
            Manifest manifest = image.manifest();
            table.add(
                    manifest.name(),
                    String.valueOf(image.directory().getFileName()),
                    Amount.time(manifest.created()),
                    Amount.bytes(manifest.packBytes()),
                    Long.toString(manifest.contents().heap().objects()),
                    manifest.process().jdk().version(),
                    manifest.process().main());
        }
        table.print(out);
    }

    private static String json(List<ImageHandle> complete, List<ImageException> unusable) {
        JsonWriter json = JsonWriter.indented().list("images");
        for (ImageHandle image : complete) {
            Manifest manifest = image.manifest();
            json.element()
                    .member("name", manifest.name())
                    .member("directory", image.directory().toString())
                    .member("id", manifest.id())
                    .member("sequence", manifest.sequence())
                    .member("parent", manifest.parent())
                    .member("created", manifest.created().toString())
                    .member("bytes", manifest.packBytes())
                    .member("objects", manifest.contents().heap().objects())
                    .member("jdk", manifest.process().jdk().version())
                    .member("main", manifest.process().main())
                    .end();
        }
        json.endList().list("unusable");
        for (ImageException damaged : unusable) {
            json.element()
                    .member("file", damaged.file().toString())
                    .member("problem", damaged.problem().name())
                    .member("message", String.valueOf(damaged.getMessage()))
                    .end();
        }
        return json.endList().finish();
    }

    @Command(
            name = "prune",
            description = "Deletes all but the newest images of each name.",
            mixinStandardHelpOptions = true)
    static final class Prune implements Callable<Integer> {
        @Mixin
        private ImagesOption images = new ImagesOption();

        @Parameters(arity = "0..*", paramLabel = "NAME", description = "The names to prune (default: all).")
        private List<String> names = List.of();

        @Option(names = "--keep", paramLabel = "N", required = true, description = "How many images of a name stay.")
        private int keep;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws ImageException {
            PrintWriter out = spec.commandLine().getOut();
            ImageStore store = images.store();
            for (String name : names.isEmpty() ? store.names() : names) {
                for (Path deleted : store.prune(name, keep)) {
                    out.println("deleted " + deleted);
                }
            }
            out.flush();
            return ExitCode.OK;
        }
    }
}
