package dev.ingot.cli;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageArchive;
import dev.ingot.core.image.ImageStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
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
        footer = {"", "Example:", "  ingot images export job - | ssh host ingot resume -"},
        mixinStandardHelpOptions = true)
final class ImagesExport implements Callable<Integer> {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Parameters(index = "0", paramLabel = "IMAGE", description = ImageReference.HELP)
    private String image = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "The file; replaced if it exists. - for standard output.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandException {
        Path directory = new ImageReference(images.store()).directory(image);
        try (CarriedImage carried = ImageStore.carried(directory)) {
            if (file.equals(STANDARD_OUTPUT)) {
                exportToStandardOutput(carried);
                said("exported " + directory, spec.commandLine().getErr());
            } else {
                ImageArchive.export(carried, file);
                said(
                        "exported " + directory + " to " + file + ", " + Amount.bytes(Files.size(file)),
                        spec.commandLine().getOut());
            }
        }
        return ExitCode.OK;
    }

    private static void exportToStandardOutput(CarriedImage carried) throws IOException, CommandException {
        if (StandardOutput.isTerminal()) {
            throw new CommandException(
                    ExitCode.USAGE, "an image is nothing for a terminal; send it to a file or through a pipe");
        }
        try (OutputStream out = new FileOutputStream(StandardOutput.OUT.descriptor())) {
            ImageArchive.export(carried, out);
        }
    }

    private static void said(String what, PrintWriter to) {
        to.println(what);
        to.flush();
    }
}
