package dev.ingot.testkit;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * A program and how it is started. Immutable.
 *
 * @param options of the JVM, the class path too
 * @param main the name of its main class
 */
public record Program(String main, List<String> options, List<String> arguments) {
    public Program {
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /** A class of the tests, with their class path. */
    public static Program of(Class<?> main, String... arguments) {
        List<String> options = List.of(
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Duser.language=en",
                "-Duser.timezone=UTC",
                "-cp",
                main.getProtectionDomain().getCodeSource().getLocation().getPath());
        return new Program(main.getName(), options, List.of(arguments));
    }

    /** The same, with further options of the JVM. */
    public Program with(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(options);
        return new Program(main, all, arguments);
    }

    /** The same, with further entries behind its class path. */
    public Program seeing(List<String> entries) {
        List<String> all = new ArrayList<>(options);
        int path = all.indexOf("-cp") + 1;
        all.set(path, all.get(path) + File.pathSeparator + String.join(File.pathSeparator, entries));
        return new Program(main, all, arguments);
    }

    List<String> command(Jdk jdk, List<String> before) {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        command.addAll(before);
        command.addAll(options);
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    @Override
    public String toString() {
        return main.substring(main.lastIndexOf('.') + 1);
    }
}
