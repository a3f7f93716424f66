package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageProblem;
import java.io.IOException;
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
        name = "copy",
        description = {
            "Copies images from one place to another. What is there already is not moved again, neither of an image whose copy was"
                    + " interrupted nor what other images of its name have. Sealed images stay sealed and need no key, unless it is to"
                    + " be seen who has signed them.",
            "",
            "A place is a directory, or the address of a repository: s3://BUCKET/PREFIX, file:///DIR, or that of any other file"
                    + " system provider.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot images copy ~/.ingot/images s3://backups/images --newest",
            "  ingot images copy s3://backups/images ~/.ingot/images --name job --newest && ingot resume job",
            "  ingot images copy s3://backups/images ~/.ingot/images --trusted /keys/trusted"
        },
        mixinStandardHelpOptions = true)
final class ImagesCopy implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "Where the images are.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "Where they are to be as well.")
    private String target = "";

    @Option(names = "--name", paramLabel = "NAME", description = "Only images of this name; may be given again.")
    private List<String> names = List.of();

    @Option(names = "--newest", description = "Only the newest image of each name.")
    private boolean newest;

    @Mixin
    private KeysOption keys = new KeysOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandException {
        boolean complete = true;
        try (Place from = Place.at(source, keys.either());
                Place to = Place.at(target, keys.either())) {
            if (keys.trusted() != null && !from.seesSignatures() && !to.seesSignatures()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "between two repositories nobody sees who signed an image: copy to a directory with --trusted, and on from there");
            }
            for (String name : names.isEmpty() ? from.names() : names) {
                List<Place.Image> images = from.images(name);
                if (newest && !images.isEmpty()) {
                    images = List.of(images.get(images.size() - 1));
                }
                for (Place.Image image : images) {
                    complete &= isTaken(image, to);
                }
            }
        }
        return complete ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Those that nobody trusted has signed are left out, so that they cannot keep others back. */
    private boolean isTaken(Place.Image image, Place to) throws IOException {
        try {
            said(to.take(image), spec.commandLine().getOut());
            return true;
        } catch (ImageException failure) {
            if (failure.problem() != ImageProblem.UNTRUSTED) {
                throw failure;
            }
            said("not copied: " + failure.getMessage(), spec.commandLine().getErr());
            return false;
        }
    }

    private static void said(String what, PrintWriter to) {
        to.println(what);
        to.flush();
    }
}
