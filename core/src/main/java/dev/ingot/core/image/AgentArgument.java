package dev.ingot.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The argument of a {@code java} launcher that names Ingot's agent.
 *
 * @param jar as written
 * @param options in their order, each {@code key=value}
 */
public record AgentArgument(String jar, List<String> options) {
    private static final String PREFIX = "-javaagent:";
    private static final String PREMAIN = "dev.ingot.agent.IngotAgent";
    /** What a jar that is not there any more was called, if it was Ingot's. */
    private static final String USUAL_NAME = "ingot-agent[A-Za-z0-9._-]*\\.jar";

    public AgentArgument {
        options = List.copyOf(options);
    }

    /**
     * The agent that {@code argument} names; null if it names none, or that of somebody else.
     *
     * @param workingDirectory where a relative path begins
     */
    public static @Nullable AgentArgument parse(String argument, Path workingDirectory) {
        if (!argument.startsWith(PREFIX)) {
            return null;
        }
        String[] parts = argument.substring(PREFIX.length()).split("=", 2);
        if (!isIngot(workingDirectory.resolve(parts[0]))) {
            return null;
        }
        return new AgentArgument(parts[0], parts.length == 2 ? split(parts[1]) : List.of());
    }

    /**
     * Whether any of the launcher's {@code arguments} names an agent in Java that is not Ingot's.
     *
     * @param workingDirectory where a relative path begins
     */
    public static boolean namesOther(String[] arguments, Path workingDirectory) {
        for (String argument : arguments) {
            if (argument.startsWith(PREFIX) && parse(argument, workingDirectory) == null) {
                return true;
            }
        }
        return false;
    }

    /** The options between commas that have no backslash before them. */
    static List<String> split(String options) {
        List<String> split = new ArrayList<>();
        int start = 0;
        for (int comma = options.indexOf(','); comma >= 0; comma = options.indexOf(',', comma + 1)) {
            if (comma == 0 || options.charAt(comma - 1) != '\\') {
                split.add(options.substring(start, comma));
                start = comma + 1;
            }
        }
        if (!options.isEmpty()) {
            split.add(options.substring(start));
        }
        return split;
    }

    /** A jar is known by what is in it, whatever it is called. */
    private static boolean isIngot(Path jar) {
        if (!Files.isRegularFile(jar)) {
            Path name = jar.getFileName();
            return name != null && name.toString().matches(USUAL_NAME);
        }
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            return manifest != null
                    && PREMAIN.equals(manifest.getMainAttributes().getValue("Premain-Class"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The value of an option, or null if it is not given. */
    public @Nullable String option(String key) {
        for (String option : options) {
            if (option.startsWith(key + "=")) {
                return option.substring(key.length() + 1).replace("\\,", ",");
            }
        }
        return null;
    }
}
