package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "describe",
        description = "Shows a workload and its history: every move with its reason.",
        mixinStandardHelpOptions = true)
final class PoolDescribe implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is to be said of how a service is reached now. */
    private static String entrance(JsonObject answer, String service) throws JsonException {
        for (JsonObject entrance : answer.has("entrances") ? answer.objects("entrances") : List.<JsonObject>of()) {
            if (entrance.string("name").equals(service)) {
                return entrance.has("problem")
                        ? ", which is not possible: " + entrance.string("problem")
                        : ", " + entrance.integer("connections") + " connections, of which " + entrance.integer("held")
                                + " wait";
            }
        }
        return "";
    }

    @Override
    public Integer call() throws PoolException, JsonException {
        JsonObject answer = new Workloads(pool.client()).described(id);
        WorkloadView view = PoolJson.workload(answer);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonWriter writer = JsonWriter.indented();
            PoolJson.workload(writer, view, true);
            out.println(writer.finish());
            out.flush();
            return ExitCode.OK;
        }
        Table facts = new Table("WORKLOAD", view.id());
        facts.add("command", String.join(" ", view.spec().command()));
        facts.add("directory", view.spec().directory());
        facts.add(
                "tier",
                PoolJson.text(view.spec().tier()) + ", priority " + view.spec().priority());
        facts.add("needs", needs(view.spec()));
        facts.add("state", PoolJson.text(view.state()) + (view.node() == null ? "" : " on " + view.node()));
        Alternative alternative = view.alternative();
        if (alternative != null && view.spec().namesAccelerators()) {
            facts.add("has", alternative.text());
        }
        if (view.spec().minimumRunMillis() > 0) {
            facts.add(
                    "minimum run",
                    Amount.duration(Duration.ofMillis(view.spec().minimumRunMillis())) + " after each start");
            for (String sentence : answer.has("why") ? answer.strings("why") : List.<String>of()) {
                facts.add("why", sentence);
            }
        }
        if (!view.devices().isEmpty()) {
            String numbers = view.devices().stream().map(Object::toString).collect(Collectors.joining(", "));
            facts.add("devices", "number " + numbers + " of the node");
        }
        facts.add(
                "served",
                Amount.permille(view.served()) + " of the time it wanted, due are " + Amount.permille(view.due()));
        for (ServicePort service : view.spec().services()) {
            facts.add(
                    "service",
                    service.name() + ": port " + service.port() + ", reached at " + service.address()
                            + entrance(answer, service.name()));
        }
        for (ShippedFile file : view.spec().files()) {
            facts.add("file", file.name() + ", " + Amount.bytes(file.bytes()));
        }
        ImageReference image = view.image();
        if (image != null) {
            facts.add("image", image.directory() + ", " + Amount.bytes(image.bytes()));
        }
        if (view.problem() != null) {
            facts.add("problem", view.problem());
        }
        facts.print(out);
        out.println();
        Table history = new Table("TIME", "STATE", "NODE", "REASON");
        for (Event event : view.history()) {
            String node = event.node();
            history.add(
                    Amount.time(Instant.ofEpochMilli(event.atMillis())),
                    PoolJson.text(event.state()),
                    node == null ? "-" : node,
                    event.reason());
        }
        history.print(out);
        out.flush();
        return ExitCode.OK;
    }

    private static String needs(WorkloadSpec spec) {
        return spec.namesAccelerators()
                ? spec.alternatives().stream().map(Alternative::text).collect(Collectors.joining(" | ")) + "; at best "
                        + spec.needs()
                : spec.needs().toString();
    }
}
