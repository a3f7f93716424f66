package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        description = {
            "Prints what a workload has written, each line once however often it was moved or its node was lost.",
            "What no image covers yet could be taken back by a failover; it is shown with --live only, or when the workload"
                    + " has ended."
        },
        mixinStandardHelpOptions = true)
final class PoolLogs implements Callable<Integer> {
    private static final long PERIOD_MILLIS = 100;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until the workload has ended.")
    private boolean follow;

    @Option(names = "--live", description = "Prints all there is now, also what no image covers yet.")
    private boolean live;

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Override
    public Integer call() throws PoolException, JsonException, IOException, InterruptedException, CommandException {
        if (follow && live) {
            throw new CommandException(
                    ExitCode.USAGE, "--follow prints each line once and cannot take any back: leave out --live");
        }
        PoolClient client = pool.client();
        Workloads workloads = new Workloads(client);
        long printed = 0;
        while (true) {
            // Before the output: what has ended by now has written all that follows.
            WorkloadView view = workloads.get(id);
            printed += print(client, printed, System.out);
            if (!follow || view.state().isEnded()) {
                return ExitCode.OK;
            }
            TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
        }
    }

    /** What is certain only ever grows, so a number says what was printed. */
    private long print(PoolClient client, long from, OutputStream out) throws PoolException, IOException {
        long printed = 0;
        byte[] part;
        do {
            part = client.bytes("/v1/workloads/" + id + "/output?live=" + live + "&from=" + (from + printed));
            out.write(part);
            printed += part.length;
        } while (part.length > 0);
        out.flush();
        return printed;
    }
}
