package dev.ingot.cli;

import dev.ingot.core.image.ImageArchive;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a program from an image. The {@code ingot} script does the plain cases itself, without a JVM for the command. */
@Command(
        name = "resume",
        description = {
            "Runs a program on from an image, in the foreground: this process becomes the program.",
            "Without IMAGE and --name, the youngest complete image of the directory is taken."
        },
        footer = {
            "",
            "Examples:",
            "  ingot resume job",
            "  ingot resume --images /shared/images --java /usr/lib/jvm/jdk-25",
            "  ingot resume job --device gpu=cpu",
            "  ingot images export job - | ssh host ingot resume -"
        },
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final String TOLERATE_OPTIONS = "-XX:+IgnoreUnrecognizedVMOptions";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "IMAGE",
            description = {
                ImageReference.HELP,
                "- for one that 'ingot images export' sends through standard input; it is brought into the directory first."
            })
    private @Nullable String image;

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(names = "--name", paramLabel = "NAME", description = "Takes the newest complete image of this name.")
    private @Nullable String name;

    @Option(
            names = "--java",
            paramLabel = "PATH",
            description = "The java launcher or JDK directory to run on (default: the JDK the image was taken on).")
    private @Nullable Path java;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "The working directory (default: that of the program when the image was taken).")
    private @Nullable Path directory;

    @Option(
            names = "--device",
            paramLabel = "OLD=NEW",
            description = "Goes on on another accelerator than the image names, such as gpu=cpu; may be given again.")
    private List<String> devices = List.of();

    @Option(
            names = "--determinism",
            paramLabel = "PROMISE",
            description = {
                "Consents that results on another accelerator keep no more than this promise: bitwise-same-kind,",
                "bitwise-same-build, tolerance or none (default: what weakens a promise is refused)."
            })
    private @Nullable String determinism;

    @Option(
            names = "--sign",
            paramLabel = "PATH",
            description =
                    "The private key that signs the next images, or off (default: that of the program when the image was taken).")
    private @Nullable String sign;

    @Option(names = "--print", description = "Prints the command, one argument a line, instead of running it.")
    private boolean print;

    @Override
    public Integer call() throws IOException, CommandException {
        ImageHandle chosen = choose();
        LaunchPlan plan = LaunchPlan.of(chosen);
        Launch launch =
                new Launch(workingDirectory(chosen, plan), Launch.like(plan.environment()), command(chosen, plan));
        if (print) {
            launch.command().forEach(System.out::println);
            return ExitCode.OK;
        }
        return launch.start();
    }

    private ImageHandle choose() throws ImageException, CommandException {
        if (image != null && name != null) {
            throw new CommandException(ExitCode.USAGE, "IMAGE and --name exclude each other; give one of them");
        }
        ImageStore store = images.trustedStore();
        ImageReference reference = new ImageReference(store);
        if (STANDARD_INPUT.equals(image)) {
            return store.openAny(ImageArchive.restore(System.in, store).image());
        }
        if (image != null) {
            return reference.resolve(image);
        }
        return name != null ? reference.newest(name) : reference.newest();
    }

    private Path workingDirectory(ImageHandle chosen, LaunchPlan plan) throws CommandException {
        Path recorded = Path.of(plan.workingDirectory());
        Path wanted = directory == null ? recorded : directory.toAbsolutePath();
        if (!Files.isDirectory(wanted)) {
            throw new CommandException("cannot resume " + chosen + " in " + wanted
                    + ": there is no such directory; name another one with --directory");
        }
        return wanted;
    }

    private @Nullable String signingKey() {
        return sign == null || sign.equals("off")
                ? sign
                : Path.of(sign).toAbsolutePath().normalize().toString();
    }

    private List<String> command(ImageHandle chosen, LaunchPlan plan) throws IOException, CommandException {
        Path recorded = Path.of(plan.javaHome(), "bin", "java");
        Path launcher = java == null ? recorded : JavaLauncher.in(java);
        if (!Files.isExecutable(launcher)) {
            throw new CommandException(
                    "cannot resume " + chosen + ": there is no java launcher " + launcher + "; name one with --java");
        }
        List<String> command = new ArrayList<>(plan.on(devices)
                .accepting(determinism)
                .keyed(images.key())
                .trusting(images.trustedPath())
                .signing(signingKey())
                .command(launcher, Installation.agentJar(), chosen.directory()));
        if (!Files.exists(recorded) || !Files.isSameFile(recorded, launcher)) {
            // Another version may lack options of this one, and none of them is part of the program's state.
            command.add(1, TOLERATE_OPTIONS);
        }
        return command;
    }
}
