package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.spec.WorkloadDocument;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "submit",
        description = {
            "Gives a java command to the pool, which runs it where there is room, and prints the id of the workload.",
            "",
            "It may be suspended for a stronger tier and goes on by itself; if its node is lost it goes on from its newest"
                    + " image elsewhere, or begins again where it has none.",
            "",
            "A file describes a workload in YAML or JSON, for which --schema prints the schema; options override what it says.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot submit -- java -jar app.jar",
            "  ingot submit --tier basic --every 10s --memory 1g -- java -cp lib/* com.example.Job",
            "  ingot submit -f job.yaml --tier premium",
            "  ingot submit --ship target/app.jar -- java -jar app.jar",
            "  ingot submit --service 18080:8080 -- java -jar shop.jar"
        },
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "ingot submit [OPTIONS] [--] java [JVM-OPTIONS] MAIN [ARGUMENTS]",
            "ingot submit -f FILE [OPTIONS] [[--] java …]",
            "ingot submit --schema"
        })
final class SubmitCommand implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Mixin
    private WorkloadOptions workload = new WorkloadOptions();

    @Option(names = "--schema", description = "Prints the JSON schema of such a file and does nothing else.")
    private boolean schema;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException, PoolException, JsonException {
        if (schema) {
            print(WorkloadDocument.schema().stripTrailing());
            return ExitCode.OK;
        }
        Map<String, Path> files = new HashMap<>();
        WorkloadSpec described = workload.workload(files);
        PoolClient client = pool.client();
        for (ShippedFile file : described.files()) {
            FileUpload.send(client, described.tenant(), file, Objects.requireNonNull(files.get(file.sha256())));
        }
        JsonWriter request = JsonWriter.compact();
        WorkloadDocument.write(request, described);
        print(client.postOnce(UUID.randomUUID().toString(), "/v1/workloads", request.finish())
                .string("id"));
        return ExitCode.OK;
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
