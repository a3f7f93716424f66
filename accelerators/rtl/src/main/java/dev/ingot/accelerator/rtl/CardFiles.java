package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The card and its cores as files. What is not there is built from the sources when it is needed first, and kept for this version of
 * them and of the tools in {@code INGOT_CARDS}, or else among what the user's programs cache.
 */
public final class CardFiles {
    private static final List<String> SOURCES =
            List.of("build", "card.cpp", "slot.h", "slot.cpp", "slot.v", "matrix.v", "hash.v", "systolic.v");

    private static final List<String> TOOLS = List.of("verilator", "g++");
    private static final String CARD = "card";
    private static final String UNBUILT = "unbuilt";
    private static final int SHORT = 12;
    private static final int TOLD_OF_LOG = 1000;
    private static final long MINUTES = 9;

    private final Path directory;

    private CardFiles(Path directory) {
        this.directory = directory;
    }

    /** The files of these sources and the tools that are here; without tools those of any that they were built with before. */
    public static CardFiles find() {
        byte[][] contents = SOURCES.stream().map(Sources::read).toArray(byte[][]::new);
        Path ofSources = root().resolve(HexFormat.of().formatHex(Sources.hash(contents)));
        return new CardFiles(
                TOOLS.stream().allMatch(CardFiles::isInstalled)
                        ? ofSources.resolve(Toolchain.HERE.id())
                        : builtBefore(ofSources));
    }

    private static Path builtBefore(Path ofSources) {
        if (!Files.isDirectory(ofSources)) {
            return ofSources.resolve(UNBUILT);
        }
        try (Stream<Path> all = Files.list(ofSources)) {
            return all.filter(each -> Files.exists(each.resolve(CARD)))
                    .min(Comparator.naturalOrder())
                    .orElse(ofSources.resolve(UNBUILT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        String own = System.getenv("INGOT_CARDS");
        if (own != null) {
            return Path.of(own);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        return (cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
                .resolve("ingot")
                .resolve("cards");
    }

    /** Which version of the sources and of the tools these are made of. */
    public String version() {
        return build().substring(0, SHORT);
    }

    /** The same at full length. */
    String build() {
        int names = directory.getNameCount();
        byte[] text = directory.subpath(names - 2, names).toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Sources.hash(text));
    }

    /** What is missing for a card with these cores, for people; empty if nothing is. */
    public List<String> missing(List<Core> cores) {
        boolean isBuilt = Files.exists(directory.resolve(CARD))
                && cores.stream().allMatch(core -> Files.exists(directory.resolve(core.file())));
        return isBuilt
                ? List.of()
                : TOOLS.stream().filter(tool -> !isInstalled(tool)).toList();
    }

    private static boolean isInstalled(String tool) {
        StringTokenizer path = new StringTokenizer(System.getenv().getOrDefault("PATH", ""), File.pathSeparator);
        while (path.hasMoreTokens()) {
            if (Files.isExecutable(Path.of(path.nextToken(), tool))) {
                return true;
            }
        }
        return false;
    }

    /** The card itself. */
    Path card() throws DeviceFault {
        return built(CARD, CARD, List.of(CARD), null);
    }

    Path core(Core core) throws DeviceFault {
        return built(
                core.file(),
                core.name() + ".so",
                List.of(core.name(), Integer.toString(8 * core.wordBytes())),
                core.circuit() == null ? null : core);
    }

    private Path built(String name, String result, List<String> arguments, @Nullable Core own) throws DeviceFault {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        try {
            Files.createDirectories(directory);
            Path workplace = Files.createTempDirectory(directory, "build-");
            try {
                if (own != null) {
                    Files.write(workplace.resolve(own.name() + ".v"), own.source());
                }
                build(workplace, name, arguments);
                Files.move(workplace.resolve(result), file, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException builtMeanwhile) {
                // By another process, from the same sources.
            } finally {
                delete(workplace);
            }
        } catch (IOException | UncheckedIOException failed) {
            throw fault("cannot build " + name + " in " + directory + ": " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw fault("interrupted while " + name + " was built", interrupted);
        }
        return file;
    }

    private static void build(Path workplace, String name, List<String> arguments)
            throws IOException, InterruptedException, DeviceFault {
        for (String source : SOURCES) {
            Files.write(workplace.resolve(source), Sources.read(source));
        }
        List<String> command = new ArrayList<>(List.of("sh", "build"));
        command.addAll(arguments);
        Path log = workplace.resolve("log");
        Process process = new ProcessBuilder(command)
                .directory(workplace.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = false;
        try {
            ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        if (!ended || process.exitValue() != 0) {
            String text = Files.readString(log, StandardCharsets.UTF_8);
            throw fault(
                    "the build of " + name + (ended ? " failed: " : " took more than " + MINUTES + " minutes: ")
                            + text.substring(Math.max(0, text.length() - TOLD_OF_LOG))
                                    .strip(),
                    null);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static DeviceFault fault(String message, @Nullable Exception cause) {
        return new DeviceFault(DeviceFault.Code.COMPILE, DeviceFault.Scope.DEVICE, false, message, Map.of(), cause);
    }
}
