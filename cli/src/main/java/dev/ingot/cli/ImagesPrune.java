package dev.ingot.cli;

import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Retention;
import dev.ingot.store.RemoteImage;
import dev.ingot.store.Repository;
import dev.ingot.store.Sweep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "prune",
        description = {
            "Deletes images that no rule keeps. Rules add up; the newest usable image of each name stays in any case.",
            "Of a repository, the pieces that no image has any more are deleted too; others may write to it meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  ingot images prune --keep 3",
            "  ingot images prune --hourly 24 --daily 7 --quota 20g"
        },
        mixinStandardHelpOptions = true)
final class ImagesPrune implements Callable<Integer> {
    private static final int BITS_OF_MIB = 20;

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(
            names = "--at",
            paramLabel = "ADDRESS",
            description = "A repository, such as s3://BUCKET/PREFIX, instead of a directory.")
    private @Nullable String address;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The names to prune (default: all).")
    private List<String> names = List.of();

    @Option(names = "--keep", paramLabel = "N", description = "Keeps the newest N images of a name.")
    private int keep;

    @Option(names = "--hourly", paramLabel = "N", description = "Keeps the newest image of each of N hours.")
    private int hourly;

    @Option(names = "--daily", paramLabel = "N", description = "Keeps the newest image of each of N days, by UTC.")
    private int daily;

    @Option(names = "--weekly", paramLabel = "N", description = "Keeps the newest image of each of N weeks.")
    private int weekly;

    @Option(
            names = "--quota",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "How much the images may have in all, such as 500m or 20g; the oldest go first.")
    private @Nullable Long quota;

    @Option(names = "--dry-run", description = "Says what would be deleted, and deletes nothing.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandException {
        PrintWriter out = spec.commandLine().getOut();
        if (address == null) {
            pruneDirectory(out);
        } else {
            try (Repository repository = Place.repository(address)) {
                prune(repository, out);
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    private Retention retention() {
        boolean quotaAlone = quota != null && keep == 0 && hourly == 0 && daily == 0 && weekly == 0;
        return quotaAlone ? Retention.newest(Integer.MAX_VALUE) : new Retention(keep, hourly, daily, weekly);
    }

    private long quotaBytes() {
        return quota == null ? Long.MAX_VALUE : quota << BITS_OF_MIB;
    }

    private void pruneDirectory(PrintWriter out) throws IOException {
        ImageStore store = images.store();
        List<String> chosen = names.isEmpty() ? store.names() : names;
        for (String name : dryRun ? List.<String>of() : chosen) {
            store.removeUnfinished(name).forEach(left -> out.println("deleted " + left + ", which nobody completes"));
        }
        for (Path image : store.condemned(chosen, retention(), quotaBytes())) {
            if (!dryRun) {
                store.delete(image);
            }
            out.println((dryRun ? "would delete " : "deleted ") + image);
        }
    }

    private void prune(Repository repository, PrintWriter out) throws IOException {
        List<RemoteImage> going = new ArrayList<>();
        List<List<Retention.Candidate>> kept = new ArrayList<>();
        List<String> chosen = names.isEmpty() ? repository.names() : names;
        List<RemoteImage> all = new ArrayList<>();
        for (String name : chosen) {
            List<RemoteImage> newestFirst = new ArrayList<>(repository.images(name));
            Collections.reverse(newestFirst);
            all.addAll(newestFirst);
            List<Retention.Candidate> candidates =
                    newestFirst.stream().map(ImagesPrune::candidate).toList();
            List<Retention.Candidate> condemned = retention().condemned(candidates);
            newestFirst.stream()
                    .filter(image -> condemned.contains(candidate(image)))
                    .forEach(going::add);
            kept.add(candidates.stream()
                    .filter(image -> !condemned.contains(image))
                    .toList());
        }
        List<Retention.Candidate> beyond = Retention.beyondQuota(kept, quotaBytes());
        all.stream().filter(image -> beyond.contains(candidate(image))).forEach(going::add);
        for (RemoteImage image : going) {
            if (!dryRun) {
                repository.delete(image);
            }
            out.println((dryRun ? "would delete " : "deleted ") + image);
        }
        for (String name : dryRun ? List.<String>of() : chosen) {
            Sweep sweep = repository.sweep(name);
            out.println("swept " + name + ": " + sweep.pieces() + " pieces, " + Amount.bytes(sweep.bytes()) + ", "
                    + sweep.unfinishedImages() + " unfinished images");
        }
    }

    private static Retention.Candidate candidate(RemoteImage image) {
        Map<Object, Long> parts = new HashMap<>();
        image.packs().forEach(pack -> pack.forEach(piece -> parts.put(piece.sha256(), (long) piece.bytes())));
        return new Retention.Candidate(Path.of(image.name(), image.directory()), image.created(), parts, true);
    }
}
