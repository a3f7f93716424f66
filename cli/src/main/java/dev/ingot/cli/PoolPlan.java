package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.spec.WorkloadDocument;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "plan",
        description = {
            "Says what would follow if a workload were submitted, a node drained, or a node lost. Nothing is changed.",
            "",
            "The pool's own decisions are made on a copy of it, with nodes that obey and workloads that do not end by themselves,"
                    + " five minutes far.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot plan --lose node2",
            "  ingot plan --drain node1",
            "  ingot plan --tier premium --cores 4 -- java -jar app.jar"
        },
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "ingot plan [OPTIONS] [-f FILE] [--] java [JVM-OPTIONS] MAIN [ARGUMENTS]",
            "ingot plan [OPTIONS] --drain NODE | --lose NODE"
        })
final class PoolPlan implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Mixin
    private WorkloadOptions workload = new WorkloadOptions();

    @Option(names = "--drain", paramLabel = "NODE", description = "If all workloads were moved away from a node.")
    private @Nullable String drain;

    @Option(names = "--lose", paramLabel = "NODE", description = "If a node were lost.")
    private @Nullable String lose;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException, PoolException, JsonException {
        JsonObject plan = pool.client().post("/v1/plan", request());
        List<PoolEvent> events = new ArrayList<>();
        for (JsonObject event : plan.objects("events")) {
            events.add(PoolJson.event(event));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonWriter writer = JsonWriter.indented().list("events");
            for (PoolEvent event : events) {
                PoolJson.event(writer.element(), event);
                writer.end();
            }
            out.println(writer.endList().member("why", plan.strings("why")).finish());
        } else {
            print(events, plan.strings("why"), out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private String request() throws CommandException {
        if (drain != null && lose != null) {
            throw new CommandException(ExitCode.USAGE, "plan one thing: --drain, --lose, or a workload");
        }
        if (drain != null || lose != null) {
            return JsonWriter.compact()
                    .member("drain", drain)
                    .member("lose", lose)
                    .finish();
        }
        JsonWriter document = JsonWriter.compact();
        WorkloadDocument.write(document, workload.workload(new HashMap<>()));
        return JsonWriter.compact().member("submit", document.finish()).finish();
    }

    private static void print(List<PoolEvent> events, List<String> why, PrintWriter out) {
        long begin = events.isEmpty() ? 0 : events.get(0).atMillis();
        Table table = new Table("AFTER", "WHAT", "STATE", "NODE", "REASON");
        for (PoolEvent event : events) {
            String workload = event.workload();
            String node = event.node();
            table.add(
                    (event.atMillis() - begin) / 1000 + " s",
                    workload == null ? "-" : workload,
                    event.state() == null ? "-" : PoolJson.text(event.state()),
                    node == null ? "-" : node,
                    event.reason());
        }
        if (events.isEmpty()) {
            out.println("Nothing would follow.");
        } else {
            table.print(out);
        }
        why.forEach(out::println);
    }
}
