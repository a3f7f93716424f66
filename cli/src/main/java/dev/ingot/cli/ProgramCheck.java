package dev.ingot.cli;

import dev.ingot.core.image.AgentArgument;
import dev.ingot.core.image.CommandLine;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Looks at a java command that is not run: its options, and everything on its class path. */
final class ProgramCheck {
    private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path");

    private final Diagnosis diagnosis;

    ProgramCheck(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    void check(List<String> arguments) {
        CommandLine line = CommandLine.parse(arguments);
        if (line.main().isEmpty()) {
            diagnosis.problem("command", "it names no main class, jar or module");
            return;
        }
        line.options().forEach(this::checkOption);
        checkAgent(line.options());
        for (Path entry : classPath(line)) {
            checkEntry(entry);
        }
    }

    private void checkAgent(List<String> options) {
        for (String option : options) {
            AgentArgument agent = AgentArgument.parse(option, Path.of("").toAbsolutePath());
            if (agent != null && "off".equals(agent.option("control"))) {
                diagnosis.warning("option", "control=off: no command reaches the program");
            }
        }
    }

    private void checkOption(String option) {
        if (AgentArgument.parse(option, Path.of("").toAbsolutePath()) != null) {
            return;
        }
        if (option.startsWith("-agentpath:")
                || (option.startsWith("-agentlib:") && !option.startsWith("-agentlib:jdwp"))) {
            diagnosis.warning("option", option + " is a native agent: its state is not part of an image");
        } else if (option.startsWith("-javaagent:")) {
            diagnosis.warning("option", option + ": what this agent does to classes is done anew on a resume");
        }
    }

    private Set<Path> classPath(CommandLine line) {
        Set<Path> entries = new LinkedHashSet<>();
        boolean jar = line.program().get(0).equals("-jar");
        if (jar) {
            addJar(Path.of(line.main()), entries);
        }
        List<String> options = line.options();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (CLASS_PATH.contains(option) && i + 1 < options.size() && !jar) {
                addAll(options.get(i + 1), entries);
            } else if (option.startsWith("--class-path=") || option.startsWith("--module-path=")) {
                addAll(option.substring(option.indexOf('=') + 1), entries);
            }
        }
        return entries;
    }

    private void addAll(String path, Set<Path> entries) {
        for (String element : path.split(File.pathSeparator, -1)) {
            if (element.endsWith("*")) {
                addDirectory(Path.of(element.substring(0, element.length() - 1)), entries);
            } else {
                addJar(Path.of(element), entries);
            }
        }
    }

    private void addDirectory(Path directory, Set<Path> entries) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.{jar,JAR}")) {
            found.forEach(jars::add);
        } catch (IOException unreadable) {
            diagnosis.problem("class path", "cannot list " + directory + ": " + unreadable.getMessage());
        }
        jars.stream().sorted().forEach(jar -> addJar(jar, entries));
    }

    private void addJar(Path jar, Set<Path> entries) {
        if (!entries.add(jar) || !Files.isRegularFile(jar)) {
            return;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String more = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String element : more == null ? new String[0] : more.trim().split("\\s+")) {
                if (!element.contains(":") && !element.isEmpty()) {
                    addJar(jar.resolveSibling(element), entries);
                }
            }
        } catch (IOException unreadable) {
            diagnosis.problem("class path", "cannot read " + jar + ": " + unreadable.getMessage());
        }
    }

    private void checkEntry(Path entry) {
        if (!Files.exists(entry)) {
            diagnosis.warning("class path", entry + " does not exist");
            return;
        }
        try {
            for (String finding : ClassPathScan.of(entry).findings()) {
                diagnosis.warning("class path", entry + " " + finding);
            }
        } catch (IOException unreadable) {
            diagnosis.problem("class path", "cannot read " + entry + ": " + unreadable.getMessage());
        }
    }
}
