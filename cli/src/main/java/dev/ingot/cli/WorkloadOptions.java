package dev.ingot.cli;

import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.spec.LocalFile;
import dev.ingot.scheduler.spec.SpecException;
import dev.ingot.scheduler.spec.WorkloadDocument;
import dev.ingot.scheduler.spec.WorkloadDraft;
import dev.ingot.scheduler.wire.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What describes a workload: a file, options that override it, and a command. */
final class WorkloadOptions {
    private static final String STANDARD_INPUT = "-";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Describes the workload; - for standard input.")
    private @Nullable String file;

    @Option(names = "--name", paramLabel = "NAME", description = "Begins the id (default: the main class or jar).")
    private @Nullable String name;

    @Option(
            names = "--tier",
            paramLabel = "TIER",
            description = "premium, standard or basic; a stronger tier suspends weaker ones (default: standard).")
    private @Nullable Tier tier;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "On whose reservation it runs, if it is Premium (default: default).")
    private @Nullable String tenant;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description = "The place in the queue of its tier, higher first (default: 0).")
    private @Nullable Integer priority;

    @Option(
            names = "--cores",
            paramLabel = "N",
            converter = CoresConverter.class,
            description = "Processor cores it needs, such as 0.5 (default: 1).")
    private @Nullable Long cores;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "Memory it needs, such as 2g (default: 512m).")
    private @Nullable Long memory;

    @Option(
            names = "--devices",
            paramLabel = "N",
            converter = DevicesConverter.class,
            description = "Whole accelerators it needs, or the part of one that it shares, such as 0.25 (default: 0).")
    private @Nullable Long devices;

    @Option(
            names = "--accelerators",
            paramLabel = "ALTERNATIVES",
            description =
                    "Instead of --devices: accelerators by kind, the fastest alternative first, with the speed of the others beside"
                            + " it, such as 'gpu:1 | cpu:8@0.1'; cpu stands for so many cores instead of an accelerator.")
    private @Nullable String accelerators;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How often an image is written (default: 30s).")
    private @Nullable Duration every;

    @Option(
            names = "--minimum-run",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long it runs at least after each start before anything but Premium preempts it, such as 5m; at most 24h"
                            + " (default: 0s).")
    private @Nullable Duration minimumRun;

    @Option(
            names = "--gang",
            paramLabel = "SIZE",
            description =
                    "How many copies of it run together, or how many at least and at most, such as 2-4 (default: 1).")
    private @Nullable String gang;

    @Option(
            names = "--within",
            paramLabel = "LOCATION",
            description = "The region, zone or rack in which it has to run, such as eu/a/r7 (default: anywhere).")
    private @Nullable String within;

    @Option(
            names = "--together",
            paramLabel = "LEVEL",
            description = "All members of the gang have to be in one node, rack, zone or region.")
    private @Nullable String together;

    @Option(
            names = "--spread",
            paramLabel = "LEVEL=N",
            description =
                    "At most so many members of the gang in one node, rack, zone or region; may be given several times.")
    private Map<String, String> spread = Map.of();

    @Option(
            names = "--ship",
            paramLabel = "PATH[=NAME]",
            description =
                    "Has a file be there wherever the program runs: in the directory in which it is started unless another one is"
                            + " named, and for which $${files} stands in the command; may be given several times.")
    private List<String> shipped = List.of();

    @Option(
            names = "--service",
            paramLabel = "[HOST:]ENTRANCE:PORT[,NAME=VALUE...]",
            description =
                    "Has the program's port reached at another one of the pool's machine, wherever the program runs, such as"
                            + " 18080:8080; behind it name, hold, members and step as in a description. May be given several times.")
    private List<String> services = List.of();

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "Sets a variable; may be given several times.")
    private Map<String, String> environment = Map.of();

    @Parameters(paramLabel = "COMMAND", description = "The java command and its arguments.", arity = "0..*")
    private List<String> command = List.of();

    /**
     * The workload as the file and the options have it.
     *
     * @param local gets the files that it ships, by their hashes
     */
    WorkloadSpec workload(Map<String, Path> local) throws CommandException {
        try {
            WorkloadDraft draft = file == null ? new WorkloadDraft() : WorkloadDocument.read(file, text(file));
            override(draft);
            draft.resolveDirectory(file == null || !draft.hasDirectory() ? Path.of("") : directoryOf(file));
            Path base = file == null ? Path.of("") : directoryOf(file);
            for (LocalFile each : draft.takeLocalFiles()) {
                draft.file(shipped(each.name(), base.resolve(each.path()), local));
            }
            return draft.complete();
        } catch (SpecException wrong) {
            throw new CommandException(ExitCode.USAGE, "this is no workload:\n" + wrong.getMessage());
        } catch (IOException unreadable) {
            throw new CommandException(ExitCode.USAGE, "cannot read " + file + ": " + unreadable);
        }
    }

    private static ShippedFile shipped(String name, Path path, Map<String, Path> local) throws CommandException {
        try {
            if (!Files.isRegularFile(path)) {
                throw new CommandException(ExitCode.USAGE, "cannot ship " + path + ": it is no file");
            }
            long bytes = Files.size(path);
            if (bytes > ShippedFile.MOST_BYTES) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "cannot ship " + path + ": it has " + bytes + " bytes, at most " + ShippedFile.MOST_BYTES
                                + " are possible");
            }
            String hash = ContentHash.of(path);
            local.put(hash, path);
            return new ShippedFile(name, hash, bytes);
        } catch (IOException unreadable) {
            throw new CommandException(ExitCode.USAGE, "cannot ship " + path + ": " + unreadable);
        }
    }

    private static String text(String file) throws IOException {
        // More than this is refused anyway, and standard input may never end.
        int most = 4 << 20;
        try (InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(most), StandardCharsets.UTF_8);
        }
    }

    private static Path directoryOf(String file) {
        Path directory = Path.of(file).getParent();
        return directory == null || file.equals(STANDARD_INPUT) ? Path.of("") : directory;
    }

    private void override(WorkloadDraft draft) {
        set(name, draft::name);
        set(tenant, draft::tenant);
        set(tier, draft::tier);
        set(priority, draft::priority);
        set(cores, draft::milliCores);
        set(memory, draft::memoryMiB);
        if (devices != null || accelerators != null) {
            draft.forgetAccelerators();
        }
        set(devices, draft::milliDevices);
        set(accelerators, draft::accelerators);
        set(every, draft::checkpointEvery);
        set(minimumRun, draft::minimumRun);
        set(gang, draft::gang);
        set(within, draft::within);
        set(together, draft::together);
        spread.forEach(draft::spread);
        environment.forEach(draft::variable);
        services.forEach(draft::service);
        shipped.forEach(value -> draft.ship(value, Path.of("")));
        if (!command.isEmpty()) {
            draft.command(command);
        }
    }

    private static <T> void set(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
