package dev.ingot.cli;

import dev.ingot.core.image.BrokenPart;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Verification;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.core.seal.TrustedKey;
import dev.ingot.core.seal.TrustedKeys;
import dev.ingot.store.RemoteImage;
import dev.ingot.store.Repository;
import java.io.IOException;
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
        name = "verify",
        description = "Reads every byte of an image, or of all images of a directory, and compares it with its hashes.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "IMAGE", description = ImageReference.HELP)
    private @Nullable String image;

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(
            names = "--at",
            paramLabel = "ADDRESS",
            description = "All images of a repository, such as s3://BUCKET/PREFIX, instead of a directory.")
    private @Nullable String address;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandException {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>();
        if (address != null && images.trusted() != null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--at and --trusted exclude each other: copy the images to a directory, then verify who signed them there");
        }
        if (address != null) {
            verifyAll(address, findings);
        } else if (image != null) {
            findings.add(verify(new ImageReference(images.store()).resolve(image)));
        } else {
            verifyAll(findings);
        }
        if (json) {
            out.println(json(findings));
        } else {
            findings.forEach(finding -> finding.print(out));
        }
        out.flush();
        return findings.stream().allMatch(Finding::isIntact) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void verifyAll(String address, List<Finding> findings) throws IOException, CommandException {
        try (Repository repository = Place.repository(address)) {
            for (String name : repository.names()) {
                for (RemoteImage image : repository.images(name)) {
                    Path place = Path.of(name, image.directory());
                    List<BrokenPart> broken = repository.verify(image).stream()
                            .map(what -> new BrokenPart(place, 0, what))
                            .toList();
                    findings.add(new Finding(place, new Verification(image.pieces(), image.bytes(), broken), null));
                }
            }
        }
    }

    private void verifyAll(List<Finding> findings) throws ImageException {
        ImageStore store = images.store();
        for (String name : store.names()) {
            for (Path directory : store.directories(name)) {
                findings.add(verify(directory));
            }
        }
    }

    private Finding verify(Path directory) {
        try {
            return verify(images.store().openAny(directory));
        } catch (ImageException unusable) {
            BrokenPart part = new BrokenPart(unusable.file(), 0, String.valueOf(unusable.getMessage()));
            return new Finding(directory, new Verification(0, 0, List.of(part)), null);
        }
    }

    private Finding verify(ImageHandle handle) throws ImageException {
        return new Finding(handle.directory(), ImageStore.verify(handle), signer(handle));
    }

    private @Nullable TrustedKey signer(ImageHandle handle) {
        TrustedKeys trusted = images.trusted();
        String signer = handle.signer();
        return trusted == null || signer == null ? null : trusted.find(signer);
    }

    private static String json(List<Finding> findings) {
        JsonWriter json = JsonWriter.indented().list("images");
        for (Finding finding : findings) {
            json.element()
                    .member("directory", finding.directory().toString())
                    .member("intact", finding.isIntact())
                    .member("chunks", finding.verification().chunks())
                    .member("bytes", finding.verification().storedBytes());
            TrustedKey signer = finding.signer();
            if (signer != null) {
                json.object("signer")
                        .member("fingerprint", signer.fingerprint())
                        .member("file", signer.file().toString())
                        .end();
            }
            json.list("broken");
            for (BrokenPart part : finding.verification().broken()) {
                json.element()
                        .member("file", part.file().toString())
                        .member("offset", part.offset())
                        .member("what", part.what())
                        .end();
            }
            json.endList().end();
        }
        return json.endList().finish();
    }

    /**
     * What was found about one image.
     *
     * @param signer whose signature it has; null where nobody asked, or it has none that is believed
     */
    private record Finding(
            Path directory,
            Verification verification,
            @Nullable TrustedKey signer) {
        boolean isIntact() {
            return verification.isIntact();
        }

        void print(PrintWriter out) {
            out.println(directory + ": "
                    + (isIntact()
                            ? "intact, " + verification.chunks() + " chunks, "
                                    + Amount.bytes(verification.storedBytes()) + signature()
                            : "DAMAGED in " + verification.broken().size() + " places"));
            for (BrokenPart part : verification.broken()) {
                out.println("  " + part.file() + " at byte " + part.offset() + ": " + part.what());
            }
        }

        private String signature() {
            return signer == null ? "" : ", signed by " + signer.fingerprint() + " (" + signer.file() + ")";
        }
    }
}
