package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "erase",
        description = {
            "Destroys the keys of sealed images, so that nobody can read them any more; needs no key itself.",
            "May be run again. Copies elsewhere keep their keys; destroy the key that wraps them to erase those too.",
            "An image that goes on an erased one holds what that held, and is named: erase it as well if that must go."
        },
        mixinStandardHelpOptions = true)
final class ImagesErase implements Callable<Integer> {
    @Mixin
    private ImagesOption images = new ImagesOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "The images: directories, or NAME/DIRECTORY in the store.")
    private List<String> chosen = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ImageException, CommandException {
        PrintWriter out = spec.commandLine().getOut();
        for (Path image : new SealedImages(images.store(), chosen).directories()) {
            boolean changed = images.store().erase(image);
            out.println((changed ? "erased " : "erased before: ") + image);
            for (Path other : images.store().goingOn(image)) {
                out.println("  what it held is in " + other + " too, which goes on it");
            }
        }
        out.flush();
        return ExitCode.OK;
    }
}
