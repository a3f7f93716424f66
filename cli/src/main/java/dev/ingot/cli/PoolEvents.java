package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "events",
        description = {
            "Prints what has happened in the pool, oldest first, each event once. Their numbers are the same after a restart of the"
                    + " control process, for which --follow waits.",
            ""
        },
        mixinStandardHelpOptions = true)
final class PoolEvents implements Callable<Integer> {
    private static final long PAUSE_MILLIS = 500;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what happens from now on.")
    private boolean follow;

    @Option(
            names = "--after",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Begins behind the event of that number (default: ${DEFAULT-VALUE}).")
    private long after;

    @Option(names = "--json", description = "Prints a line of JSON for each.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private @Nullable JsonException malformed;

    @Override
    public Integer call() throws PoolException, JsonException, InterruptedException {
        PoolClient client = pool.client();
        boolean reached = false;
        while (true) {
            try {
                client.lines("/v1/events?follow=" + follow + "&after=" + after, this::print);
                reached = true;
            } catch (PoolException failure) {
                if (!follow || !failure.isUnreachable() || !(reached || after > 0)) {
                    throw failure;
                }
            }
            if (malformed != null) {
                throw malformed;
            }
            if (!follow) {
                return ExitCode.OK;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private boolean print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            JsonObject parsed = JsonObject.parse(line);
            if (parsed.has("missing")) {
                spec.commandLine()
                        .getErr()
                        .println("ingot: " + parsed.integer("missing") + " events are known no more");
                spec.commandLine().getErr().flush();
                return true;
            }
            PoolEvent event = PoolJson.event(parsed);
            after = event.sequence();
            out.println(json ? line : text(event));
            out.flush();
            return !out.checkError();
        } catch (JsonException unreadable) {
            malformed = unreadable;
            return false;
        }
    }

    private static String text(PoolEvent event) {
        String workload = event.workload();
        String subject = workload == null ? "" : workload + " " + event.state() + ": ";
        return event.sequence() + "  " + Amount.time(Instant.ofEpochMilli(event.atMillis())) + "  " + subject
                + event.reason();
    }
}
