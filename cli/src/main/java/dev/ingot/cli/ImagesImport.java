package dev.ingot.cli;

import dev.ingot.core.image.ImageArchive;
import dev.ingot.core.image.ImageCopy;
import dev.ingot.core.image.ImageException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = "Brings the image of an exported file into the directory of images.",
        mixinStandardHelpOptions = true)
final class ImagesImport implements Callable<Integer> {
    private static final Path STANDARD_INPUT = Path.of("-");

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "A file that 'ingot images export' made; - for standard input.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ImageException {
        ImageCopy copy = file.equals(STANDARD_INPUT)
                ? ImageArchive.restore(System.in, images.store())
                : ImageArchive.restore(file, images.store());
        spec.commandLine().getOut().println((copy.changed() ? "imported " : "there already: ") + copy.image());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
