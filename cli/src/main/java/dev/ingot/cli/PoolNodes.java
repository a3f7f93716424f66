package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "nodes", description = "Lists the nodes of the pool.", mixinStandardHelpOptions = true)
final class PoolNodes implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        new Listing<NodeView>(
                        "nodes",
                        PoolJson::node,
                        List.of("NODE", "STATE", "WORKLOADS", "USED", "CAPACITY", "DEVICES", "LOCATION"),
                        node -> List.of(
                                node.name(),
                                state(node),
                                Integer.toString(node.workloads()),
                                node.used().toString(),
                                node.capacity().toString(),
                                devices(node),
                                node.location().equals(Location.NOWHERE)
                                        ? "-"
                                        : node.location().path()))
                .print(
                        new Workloads(pool.client()).nodes(),
                        json,
                        spec.commandLine().getOut());
        return ExitCode.OK;
    }

    /** By kind, where the node says so. */
    private static String devices(NodeView node) {
        long whole = node.capacity().milliDevices() / Resources.WHOLE_DEVICE;
        return whole == 0
                ? "-"
                : node.devices().counts().isEmpty()
                        ? Long.toString(whole)
                        : node.devices().text();
    }

    /** Those that the pool trusts all the same, because most others are no better, have findings too. */
    private static String state(NodeView node) {
        return node.findings().isEmpty()
                ? node.condition()
                : node.findings().keySet().stream()
                        .sorted()
                        .map(Probe::text)
                        .collect(Collectors.joining(",", node.condition() + "(", ")"));
    }
}
