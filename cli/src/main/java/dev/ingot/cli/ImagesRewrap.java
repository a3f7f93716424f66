package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.seal.KeyName;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        name = "rewrap",
        description = {
            "Has the keys of sealed images wrapped by another key; the images themselves stay as they are.",
            "May be run again: images that the new key opens already are passed over."
        },
        footer = {"", "Example:", "  ingot images rewrap --key file:/keys/old --new-key file:/keys/new"},
        mixinStandardHelpOptions = true)
final class ImagesRewrap implements Callable<Integer> {
    @Mixin
    private ImagesOption images = new ImagesOption();

    @Parameters(arity = "0..*", paramLabel = "IMAGE", description = "The images (default: all sealed ones).")
    private List<String> chosen = List.of();

    @Option(
            names = "--new-key",
            required = true,
            paramLabel = "KEY",
            converter = KeyNameConverter.class,
            description = "The key that is to open them from now on.")
    private @Nullable KeyName newKey;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ImageException, CommandException {
        if (newKey == null) {
            throw new CommandException(ExitCode.USAGE, "--new-key names no key");
        }
        PrintWriter out = spec.commandLine().getOut();
        SealedImages sealed = new SealedImages(images.store(), chosen);
        boolean failed = false;
        for (Path image : sealed.directories()) {
            try {
                boolean changed = images.store().rewrap(image, newKey.provider());
                out.println((changed ? "rewrapped " : "rewrapped before: ") + image);
            } catch (ImageException failure) {
                failed = true;
                spec.commandLine().getErr().println("ingot: " + failure.getMessage());
            }
        }
        out.flush();
        spec.commandLine().getErr().flush();
        return failed ? ExitCode.FAILED : ExitCode.OK;
    }
}
