package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageProblem;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Manifest;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.core.seal.Seal;
import dev.ingot.store.RemoteImage;
import dev.ingot.store.Repository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "images",
        description = "Lists images. Of sealed ones whose key is not given it shows what their directory tells.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ImagesPrune.class,
            ImagesCopy.class,
            ImagesExport.class,
            ImagesImport.class,
            ImagesRewrap.class,
            ImagesErase.class
        })
final class ImagesCommand implements Callable<Integer> {
    private static final String UNKNOWN = "-";

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(names = "--name", paramLabel = "NAME", description = "Only images of this name.")
    private @Nullable String name;

    @Option(
            names = "--at",
            paramLabel = "ADDRESS",
            description = "A repository, such as s3://BUCKET/PREFIX, instead of a directory.")
    private @Nullable String address;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandException {
        PrintWriter out = spec.commandLine().getOut();
        if (address != null) {
            listRepository(address, out);
            out.flush();
            return ExitCode.OK;
        }
        ImageStore store = images.store();
        List<Row> rows = new ArrayList<>();
        List<ImageException> unusable = new ArrayList<>();
        for (String each : name == null ? store.names() : List.of(name)) {
            for (Path image : store.directories(each)) {
                try {
                    rows.add(row(store, each, image));
                } catch (ImageException damaged) {
                    unusable.add(damaged);
                }
            }
        }
        out.print(json ? json(rows, unusable) + System.lineSeparator() : "");
        if (!json) {
            print(rows, out);
            unusable.forEach(damaged -> out.println("not usable: " + damaged.getMessage()));
        }
        out.flush();
        return ExitCode.OK;
    }

    private void listRepository(String place, PrintWriter out) throws IOException, CommandException {
        List<RemoteImage> all = new ArrayList<>();
        try (Repository repository = Place.repository(place)) {
            for (String each : name == null ? repository.names() : List.of(name)) {
                all.addAll(repository.images(each));
            }
        }
        if (json) {
            JsonWriter text = JsonWriter.indented().list("images");
            for (RemoteImage image : all) {
                text.element()
                        .member("name", image.name())
                        .member("directory", image.directory())
                        .member("created", image.created().toString())
                        .member("bytes", image.bytes())
                        .member("sealed", image.sealed())
                        .end();
            }
            out.println(text.endList().finish());
            return;
        }
        Table table = new Table("NAME", "DIRECTORY", "CREATED", "SIZE", "SEAL");
        for (RemoteImage image : all) {
            table.add(
                    image.name(),
                    image.directory(),
                    Amount.time(image.created()),
                    Amount.bytes(image.bytes()),
                    image.sealed() ? "sealed" : "");
        }
        table.print(out);
    }

    private static Row row(ImageStore store, String name, Path image) throws ImageException {
        Optional<Seal> seal = ImageStore.seal(image);
        try {
            return new Row(name, image, seal, store.openAny(image).manifest());
        } catch (ImageException failure) {
            if (failure.problem() == ImageProblem.KEY) {
                return new Row(name, image, seal, null);
            }
            throw failure;
        }
    }

    /** @param manifest null where the key is not at hand */
    private record Row(
            String name,
            Path directory,
            Optional<Seal> seal,
            @Nullable Manifest manifest) {
        Instant created() {
            return ImageStore.created(directory);
        }

        long bytes() {
            return manifest == null ? seal.map(Seal::packBytes).orElse(0L) : manifest.packBytes();
        }
    }

    private static void print(List<Row> rows, PrintWriter out) {
        Table table = new Table("NAME", "DIRECTORY", "CREATED", "SIZE", "OBJECTS", "JDK", "MAIN", "SEAL");
        for (Row row : rows) {
            Manifest manifest = row.manifest();
            table.add(
                    row.name(),
                    String.valueOf(row.directory().getFileName()),
                    Amount.time(row.created()),
                    Amount.bytes(row.bytes()),
                    manifest == null
                            ? UNKNOWN
                            : Long.toString(manifest.contents().heap().objects()),
                    manifest == null ? UNKNOWN : manifest.process().jdk().version(),
                    manifest == null ? UNKNOWN : manifest.process().main(),
                    row.seal().map(SealedImages::describe).orElse(""));
        }
        table.print(out);
    }

    private static String json(List<Row> rows, List<ImageException> unusable) {
        JsonWriter json = JsonWriter.indented().list("images");
        for (Row row : rows) {
            json.element()
                    .member("name", row.name())
                    .member("directory", row.directory().toString())
                    .member("created", row.created().toString())
                    .member("bytes", row.bytes())
                    .member("sealed", row.seal().isPresent());
            Manifest manifest = row.manifest();
            if (manifest != null) {
                json.member("id", manifest.id())
                        .member("sequence", manifest.sequence())
                        .member("parent", manifest.parent())
                        .member("objects", manifest.contents().heap().objects())
                        .member("jdk", manifest.process().jdk().version())
                        .member("main", manifest.process().main());
            }
            json.end();
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
}
