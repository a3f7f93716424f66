package dev.ingot.cli;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageArchive;
import dev.ingot.core.image.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description = "Writes an image into one file, a ZIP archive. Sealed images stay sealed and need no key.",
        mixinStandardHelpOptions = true)
final class ImagesExport implements Callable<Integer> {
    @Mixin
    private ImagesOption images = new ImagesOption();

    @Parameters(index = "0", paramLabel = "IMAGE", description = ImageReference.HELP)
    private String image = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The file; replaced if it exists.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandException {
        Path directory = new ImageReference(images.store()).directory(image);
        try (CarriedImage carried = ImageStore.carried(directory)) {
            ImageArchive.export(carried, file);
        }
        spec.commandLine()
                .getOut()
                .println("exported " + directory + " to " + file + ", " + Amount.bytes(Files.size(file)));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
