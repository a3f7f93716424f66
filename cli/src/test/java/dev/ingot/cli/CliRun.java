package dev.ingot.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command run within the test: its exit code and what it printed. */
record CliRun(int exitCode, String out, String err) {

    static CliRun of(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = IngotCommand.commandLine(words);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        int exitCode = command.execute(words);
        return new CliRun(exitCode, out.toString(), err.toString());
    }
}
