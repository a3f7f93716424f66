package dev.ingot.cli;

import dev.ingot.core.image.ClassCount;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.Manifest;
import dev.ingot.core.image.OpenFile;
import dev.ingot.core.image.OpenSocket;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.image.RootCount;
import dev.ingot.core.image.SectionEntry;
import dev.ingot.core.image.ThreadSummary;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "inspect",
        description = "Shows what an image holds. Values that look secret are masked.",
        footer = {"", "Examples:", "  ingot inspect job", "  ingot inspect job --only threads,files --json"},
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

    /** The parts of the report. */
    enum Part {
        SUMMARY,
        THREADS,
        HEAP,
        FILES,
        SOCKETS,
        CLASSPATH,
        PROPERTIES,
        SECTIONS
    }

    @Parameters(index = "0", paramLabel = "IMAGE", description = ImageReference.HELP)
    private String image = "";

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Only these parts: ${COMPLETION-CANDIDATES}.")
    private List<Part> only = List.of();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ImageException, CommandException {
        PrintWriter out = spec.commandLine().getOut();
        ImageHandle chosen = new ImageReference(images.store()).resolve(image);
        Set<Part> parts = only.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(only);
        if (json) {
            out.println(InspectJson.of(chosen, parts));
        } else {
            parts.forEach(part -> print(part, chosen, out));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(Part part, ImageHandle image, PrintWriter out) {
        ImageContents contents = image.manifest().contents();
        switch (part) {
            case SUMMARY -> summary(image, out);
            case THREADS -> threads(contents.threads(), out);
            case HEAP -> heap(contents, out);
            case FILES -> files(contents.files(), out);
            case SOCKETS -> sockets(contents.sockets(), out);
            case CLASSPATH -> classPath(contents.classPath(), out);
            case PROPERTIES -> properties(contents.properties(), out);
            case SECTIONS -> sections(image.manifest(), out);
        }
    }

    private static void summary(ImageHandle image, PrintWriter out) {
        Manifest manifest = image.manifest();
        ProcessDescription process = manifest.process();
        out.println("Image      " + image.directory());
        out.println("Id         " + manifest.id() + " (" + manifest.name() + ", number " + manifest.sequence() + ")");
        out.println("Parent     " + (manifest.parent() == null ? "none" : manifest.parent()));
        out.println("Created    " + Amount.time(manifest.created()) + " by Ingot " + manifest.ingotVersion()
                + ", format " + manifest.format());
        out.println("Size       " + Amount.bytes(manifest.packBytes()) + ", " + Amount.bytes(manifest.plainBytes())
                + " before compression");
        out.println("JDK        " + process.jdk().version() + " ("
                + process.jdk().vendor() + ") at " + process.jdk().home());
        out.println("System     " + process.os() + " " + process.arch());
        out.println("Process    " + process.pid() + ", started " + Amount.time(process.started()));
        out.println("Directory  " + process.workingDirectory());
        out.println("Command    java "
                + Secrets.masked(process.arguments()).stream()
                        .map(InspectCommand::quoted)
                        .collect(Collectors.joining(" ")));
        Secrets.masked(process.environment()).forEach((name, value) -> out.println("Variable   " + name + "=" + value));
        manifest.contents().notes().forEach((name, value) -> {
            // That note is not for people.
            if (!name.equals(ImageContents.DEVICES_NOTE)) {
                out.println("Note       " + name + ": " + value);
            }
        });
    }

    private static String quoted(String argument) {
        boolean plain =
                !argument.isEmpty() && argument.chars().allMatch(c -> c > ' ' && "'\"\\$`*?&|;<>()".indexOf(c) < 0);
        return plain ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static void threads(List<ThreadSummary> threads, PrintWriter out) {
        heading("Threads (" + threads.size() + ")", out);
        for (ThreadSummary thread : threads) {
            out.println("\"" + thread.name() + "\" " + thread.state() + (thread.daemon() ? " daemon" : ""));
            thread.stack().forEach(frame -> out.println("    at " + frame));
        }
    }

    private static void heap(ImageContents contents, PrintWriter out) {
        heading(
                "Heap (" + contents.heap().objects() + " objects, "
                        + Amount.bytes(contents.heap().bytes()) + ")",
                out);
        Table classes = new Table("OBJECTS", "BYTES", "CLASS");
        for (ClassCount count : contents.heap().topClasses()) {
            classes.add(Long.toString(count.objects()), Long.toString(count.bytes()), count.className());
        }
        classes.print(out);
        for (RootCount count : contents.heap().roots()) {
            out.println("roots: " + count.roots() + " of kind " + count.kind());
        }
    }

    private static void files(List<OpenFile> files, PrintWriter out) {
        heading("Open files (" + files.size() + ")", out);
        Table table = new Table("MODE", "POSITION", "SIZE", "PATH");
        for (OpenFile file : files) {
            table.add(file.mode(), Long.toString(file.position()), Long.toString(file.size()), file.path());
        }
        table.print(out);
    }

    private static void sockets(List<OpenSocket> sockets, PrintWriter out) {
        heading("Sockets (" + sockets.size() + ")", out);
        Table table = new Table("KIND", "LOCAL", "REMOTE");
        for (OpenSocket socket : sockets) {
            table.add(socket.kind(), socket.local(), socket.remote());
        }
        table.print(out);
    }

    private static void classPath(List<ClassPathEntry> entries, PrintWriter out) {
        heading("Class path (" + entries.size() + ")", out);
        Table table = new Table("SIZE", "MODIFIED", "PATH");
        for (ClassPathEntry entry : entries) {
            table.add(
                    entry.size() < 0 ? "missing" : Long.toString(entry.size()),
                    Amount.time(entry.modified()),
                    entry.path());
        }
        table.print(out);
    }

    private static void properties(Map<String, String> properties, PrintWriter out) {
        heading("System properties (" + properties.size() + ")", out);
        Secrets.masked(properties).forEach((name, value) -> out.println(name + "=" + value.replace("\n", "\\n")));
    }

    private static void sections(Manifest manifest, PrintWriter out) {
        heading("Sections (" + manifest.sections().size() + ")", out);
        Table table = new Table("NAME", "CHUNKS", "STORED", "PLAIN");
        for (SectionEntry section : manifest.sections()) {
            table.add(
                    section.name(),
                    Integer.toString(section.chunks().size()),
                    Amount.bytes(section.storedBytes()),
                    Amount.bytes(section.plainBytes()));
        }
        table.print(out);
    }

    private static void heading(String text, PrintWriter out) {
        out.println();
        out.println(text);
    }
}
