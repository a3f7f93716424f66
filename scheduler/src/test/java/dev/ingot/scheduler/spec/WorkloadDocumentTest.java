package dev.ingot.scheduler.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.Level;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.PlacementRule;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadDocumentTest {
    private static final String FULL = """
            name: train
            tenant: team-a
            tier: basic
            priority: -3
            resources:
              cores: 0.5
              memory: 2g
              devices: 0.25
            accelerators:
              weight: 2
              memory: 4g
              instead: {gpu: cpu}
              determinism: tolerance
            command: [java, -Dx=1, -jar, app.jar]
            directory: /srv/app
            environment: {LEVEL: 3, "ON": true}
            checkpointEvery: 10s
            gang: 2-4
            minimumRun: 5m
            """;

    @Test
    void everyMemberIsRead() throws SpecException {
        assertThat(WorkloadDocument.read("job.yaml", FULL).complete())
                .isEqualTo(new WorkloadSpec(
                                "train",
                                "team-a",
                                Tier.BASIC,
                                -3,
                                new Resources(500, 2048, 250),
                                List.of("java", "-Dx=1", "-jar", "app.jar"),
                                "/srv/app",
                                Map.of(
                                        "LEVEL",
                                        "3",
                                        "ON",
                                        "true",
                                        WorkloadSpec.DEVICE_SHARE_VARIABLE,
                                        "weight=2,memory=4096m",
                                        WorkloadSpec.DEVICE_INSTEAD_VARIABLE,
                                        "gpu=cpu",
                                        WorkloadSpec.DEVICE_DETERMINISM_VARIABLE,
                                        "tolerance"),
                                10_000)
                        .toBuilder().gang(4, 2).minimumRunMillis(300_000).build());
    }

    @Test
    void aMinimumRunIsWrittenAsItIsReadAndHasALimit() throws SpecException {
        WorkloadSpec spec = WorkloadDocument.read("job.yaml", FULL).complete();
        JsonWriter json = JsonWriter.compact();
        WorkloadDocument.write(json, spec);

        assertThat(WorkloadDocument.read("json", json.finish()).complete().minimumRunMillis())
                .isEqualTo(300_000);
        assertThatThrownBy(
                        () -> WorkloadDocument.read("job.yaml", "command: [java, A]\ndirectory: /d\nminimumRun: 25h\n")
                                .complete())
                .hasMessageContaining("at most 24h");
    }

    @Test
    void servicesAreReadAndWritten() throws SpecException {
        WorkloadSpec spec = WorkloadDocument.read("job.yaml", """
                        command: [java, A]
                        directory: /d
                        services:
                          - {name: http, port: 8080, address: 0.0.0.0:18080, hold: 5s}
                          - {port: 9090, address: 19090}
                          - {name: six, port: 9090, address: "[::1]:19091"}
                        """).complete();

        assertThat(spec.services())
                .containsExactly(
                        new ServicePort("http", 8080, "0.0.0.0", 18080, 5000),
                        new ServicePort("port-9090", 9090, "127.0.0.1", 19090, 60_000),
                        new ServicePort("six", 9090, "::1", 19091, 60_000));
        JsonWriter json = JsonWriter.compact();
        WorkloadDocument.write(json, spec);
        assertThat(WorkloadDocument.read("json", json.finish()).complete()).isEqualTo(spec);
        WorkloadDraft draft = new WorkloadDraft();
        draft.service("18080:8080");
        draft.service("[::]:18081:8081");
        draft.command(List.of("java", "A"));
        draft.directory("/d");
        assertThat(draft.complete().services())
                .extracting(ServicePort::address)
                .containsExactly("127.0.0.1:18080", "[::]:18081");
    }

    @Test
    void whatCanBeLeftOutOfAServiceStandsBehindIt() throws SpecException {
        WorkloadDraft draft = new WorkloadDraft();
        draft.service("0.0.0.0:18080:8080,name=http,members=18100,step=1,hold=5s");
        draft.command(List.of("java", "A"));
        draft.directory("/d");
        draft.gang("3");

        assertThat(draft.complete().services())
                .containsExactly(new ServicePort("http", 8080, "0.0.0.0", 18080, 5000, 18100, 1));
        for (String wrong : List.of("1:2,member=3", "1:2,members=x", "1:2,", "1:2,step")) {
            assertThatThrownBy(() -> new WorkloadDraft().service(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void servicesOfAGangAreReachedTogetherAndEachAlone() throws SpecException {
        WorkloadSpec spec = WorkloadDocument.read("job.yaml", """
                        command: [java, A]
                        directory: /d
                        gang: 3
                        services:
                          - {name: http, port: 8080, address: 18080, members: 18100, step: 10}
                          - {name: admin, port: 9090, address: 19090}
                        """).complete();

        JsonWriter json = JsonWriter.compact();
        WorkloadDocument.write(json, spec);
        assertThat(WorkloadDocument.read("json", json.finish()).complete()).isEqualTo(spec);
        assertThat(spec.servicesOfAll())
                .extracting(service -> service.name() + " " + service.address())
                .containsExactly(
                        "http 127.0.0.1:18080",
                        "http.0 127.0.0.1:18100",
                        "admin 127.0.0.1:19090",
                        "http.1 127.0.0.1:18101",
                        "http.2 127.0.0.1:18102");
        assertThat(spec.services().get(0).ofMember(2))
                .containsExactly(
                        new ServicePort("http", 8100, "127.0.0.1", 18080, 60_000),
                        new ServicePort("http.2", 8100, "127.0.0.1", 18102, 60_000));
    }

    @Test
    void servicesOfAGangThatCannotBeAreRefused() {
        String job = "command: [java, A]\ndirectory: /d\ngang: 3\nservices:\n- {name: http, port: 80, address: 18080";
        assertWrong(job + ", members: 18079}", "services http and http.1 cannot both be reached at 127.0.0.1:18080");
        assertWrong(job + ", members: 65534}", "needs ports beyond 65535 for 3 members");
        assertWrong(job + ", step: 60000}", "needs ports beyond 65535 for 3 members");
        assertWrong(job + ", members: 0}", "a port is from 1 to 65535, not 0");
        assertWrong(
                job + ", members: 18100}\n- {name: http.1, port: 81, address: 18090}",
                "two services are called 'http.1'");
        assertWrong(
                (job + ", members: 20000}").replace("gang: 3", "gang: 300"),
                "services of a gang have 301 addresses, at most 256 are possible");
        assertWrong((job + ", step: 1}").replace("gang: 3", "gang: 1"), "about members of a gang, and there is none");
    }

    @Test
    void placementIsReadAndWritten() throws SpecException {
        WorkloadSpec spec = WorkloadDocument.read("job.yaml", """
                        command: [java, A]
                        directory: /d
                        gang: 4
                        placement: {within: eu/a, together: zone, spread: {rack: 2, node: 1}}
                        """).complete();

        assertThat(spec.placement())
                .isEqualTo(new PlacementRule(new Location("eu/a"), Level.ZONE, Map.of(Level.RACK, 2, Level.NODE, 1)));
        JsonWriter json = JsonWriter.compact();
        WorkloadDocument.write(json, spec);
        assertThat(WorkloadDocument.read("json", json.finish()).complete()).isEqualTo(spec);
    }

    @Test
    void placementThatCannotBeIsRefused() {
        String job = "command: [java, A]\ndirectory: /d\n";
        assertWrong(job + "placement: {witin: eu}", "unknown key");
        assertWrong(job + "placement: {within: eu//a}", "'eu//a' is no location");
        assertWrong(job + "placement: {together: room}", "there is no 'room'; there are node, rack, zone, region");
        assertWrong(job + "placement: {spread: {rack: 0}}", "so many in one are from 1 to 1000, not 0");
        assertWrong(job + "placement: {spread: {rack: x}}", "'x' is not a whole number");
        assertWrong(job + "placement: {together: rack}", "are about members of a gang, and there is none");
        assertWrong(
                job + "gang: 2-4\nplacement: {together: rack, spread: {rack: 1}}",
                "all 2 members cannot be in one rack and at most 1 in one rack");
    }

    @Test
    void filesAreThoseOfTheSubmitterUntilThePoolHasThem() throws SpecException {
        WorkloadDraft draft = WorkloadDocument.read(
                "job.yaml",
                "command: [java, -jar, app.jar]\nfiles: [{path: build/app.jar}, {path: x, name: lib/y.jar}]");
        draft.resolveDirectory(Path.of("/somewhere"));

        assertThatThrownBy(draft::complete).hasMessageContaining("files with 'path' are on the machine");
        assertThat(draft.takeLocalFiles())
                .containsExactly(
                        new LocalFile("app.jar", Path.of("build/app.jar")), new LocalFile("lib/y.jar", Path.of("x")));
        ShippedFile file = new ShippedFile("app.jar", "0a".repeat(32), 7);
        draft.file(file);
        WorkloadSpec spec = draft.complete();
        assertThat(spec.directory()).isEqualTo("${files}");
        assertThat(spec.files()).containsExactly(file);
        JsonWriter json = JsonWriter.compact();
        WorkloadDocument.write(json, spec);
        assertThat(WorkloadDocument.read("json", json.finish()).complete()).isEqualTo(spec);
        WorkloadSpec placed = spec.withFilesIn("/p");
        assertThat(placed.directory()).isEqualTo("/p");
        assertThat(placed.environment()).containsEntry(WorkloadSpec.FILES_VARIABLE, "/p");
        WorkloadDraft named = new WorkloadDraft();
        named.ship("/a/b=c/d.txt", Path.of("/"));
        named.ship("e.txt", Path.of("/base"));
        assertThat(named.takeLocalFiles())
                .containsExactly(
                        new LocalFile("c/d.txt", Path.of("/a/b")), new LocalFile("e.txt", Path.of("/base/e.txt")));
    }

    @Test
    void hostileNamesOfFilesAreRefused() {
        String rest = ", sha256: " + "0a".repeat(32) + ", bytes: 1}]";
        for (String name :
                List.of("../x", "/etc/passwd", "a/../b", "a//b", "a/", "./a", ".ssh", "a/.b", "..", "a\\b")) {
            assertWrong("files: [{name: '" + name + "'" + rest, "cannot be the name of a file of a workload");
        }
        assertWrong("files: [{name: \"a\\0b\"" + rest, "cannot be the name of a file of a workload");
        assertWrong("files: [{name: a, bytes: 1}]", "a file needs 'path'");
        assertWrong("files: [{name: a, bytes: -1, sha256: x}]", "is no SHA-256", "1073741824 bytes at most");
        assertWrong("files: [{path: a}, {path: b/a}]", "files 'a' and 'a' cannot both be there");
        assertWrong("files: [{path: a}, {path: b, name: a/b}]", "files 'a' and 'a/b' cannot both be there");
        assertWrong("files: [{pth: a}]", "unknown key; did you mean 'path'?");
        assertThatThrownBy(() -> WorkloadDocument.read("job.yaml", "{command: [java, '${files}/A'], directory: /d}")
                        .complete())
                .hasMessageContaining("'${files}' stands for nothing");
    }

    @Test
    void whatAServiceCannotBeIsRefused() {
        assertWrong(
                """
                command: [java, A]
                services:
                  - {prt: 1, address: 1}
                  - {port: 0, address: example.org:1}
                  - {port: 70000, address: 0}
                """,
                "job.yaml:3: 'services.prt': unknown key; did you mean 'port'?",
                "job.yaml:4: 'services.port': a port is from 1 to 65535, not 0",
                "job.yaml:4: 'services.address': 'example.org' is no address of a machine",
                "job.yaml:5: 'services.address': a port is from 1 to 65535, not 0");
        assertWrong("services: {port: 1}", "must be a list");
        assertWrong("services: [{port: 1}]", "needs 'port', of the program, and 'address'");
        assertWrong("services: [{port: 1, address: 1, hold: 1d}]", "held for 10m at most");
        assertWrong("services: [{port: 1, address: 1, name: a/b}]", "cannot be the name of a service");
        assertWrong("services: [{port: 1, address: 1}, {port: 1, address: 2}]", "two services are called 'port-1'");
        assertWrong(
                "services: [{port: 1, address: 7}, {port: 2, address: 0.0.0.0:7}]",
                "cannot both be reached at 0.0.0.0:7");
    }

    @Test
    void whatAnAcceleratorCannotBeIsRefused() {
        assertWrong(
                "command: [java, A]\ndirectory: /d\naccelerators: {weight: 0, determinism: exact, instead: {gpu: 'cpu;x'}}",
                "job.yaml:3: 'accelerators.weight': a weight is from 1 to 100, not 0",
                "job.yaml:3: 'accelerators.determinism': 'exact' is no promise about results; they are"
                        + " [bitwise-same-kind, bitwise-same-build, tolerance, none]",
                "job.yaml:3: 'accelerators.instead': 'cpu;x' is no accelerator; write a device such as cuda:0, a provider"
                        + " or a kind such as gpu");
    }

    @Test
    void devicesAreAPartOfOneOrWholeOnes() {
        assertWrong(
                "command: [java, A]\ndirectory: /d\nresources: {devices: 1.5}",
                "job.yaml:3: 'resources.devices': '1.5' is neither a part of one device nor a whole number of devices");
        assertWrong(
                "command: [java, A]\ndirectory: /d\nresources: {devices: half}",
                "job.yaml:3: 'resources.devices': 'half' is no number of devices; write a whole number, or a part of one such"
                        + " as 0.25");
    }

    @Test
    void alternativesAreReadAndWritten() throws SpecException {
        for (String said :
                List.of("gpu:1", "gpu:2|fpga:1@0.5 | cpu : 8 @ 0.125", "cpu:8 | gpu:0.25", "gpu:2 | gpu:1@0.6")) {
            WorkloadSpec spec = alternatives(said);
            JsonWriter json = JsonWriter.compact();
            WorkloadDocument.write(json, spec);
            assertThat(WorkloadDocument.read("json", json.finish()).complete()).isEqualTo(spec);
        }
        assertThat(alternatives("gpu:2 | cpu:8@0.1").alternatives())
                .containsExactly(
                        new Alternative(AcceleratorKind.GPU, new Resources(500, 2048, 2000, AcceleratorKind.GPU), 1000),
                        new Alternative(AcceleratorKind.CPU, new Resources(8000, 2048, 0), 100));
        assertThat(alternatives("gpu:2 | cpu:8@0.1").needs()).hasToString("0.5 cores, 2048 MiB, 2 gpus");
    }

    private static WorkloadSpec alternatives(String said) throws SpecException {
        return WorkloadDocument.read(
                        "job.yaml",
                        "command: [java, A]\ndirectory: /d\nresources: {cores: 0.5, memory: 2g, accelerators: \"" + said
                                + "\"}")
                .complete();
    }

    @Test
    void alternativesThatCannotBeAreRefused() {
        assertWrongAlternative("gpi:1", "there are no accelerators 'gpi'; did you mean 'gpu'?");
        assertWrongAlternative("quantum:1", "there are cpu, gpu, fpga, asic, graph_engine, other");
        assertWrongAlternative("gpu", "'gpu' is no alternative; write a kind, how much of it");
        assertWrongAlternative("gpu:1 |", "'' is no alternative");
        assertWrongAlternative("gpu:1.5", "neither a part of one device nor a whole number");
        assertWrongAlternative("gpu:x", "'x' is no number of devices");
        assertWrongAlternative("gpu:0", "'gpu:0' is an alternative with nothing");
        assertWrongAlternative("gpu:1 | cpu:8@0", "'0' is no speed");
        assertWrongAlternative("gpu:1 | cpu:8@-1", "'-1' is no speed");
        assertWrongAlternative("gpu:1 | cpu:8@2", "'2' is no speed");
        assertWrongAlternative("gpu:1@0.5", "is the fastest, and speeds are relative to that");
        assertWrongAlternative("gpu:1 | cpu:8@0.1 | fpga:1@0.5", "is faster than what is in front of it");
        assertWrongAlternative("gpu:1" + " | gpu:1".repeat(8), "9 alternatives, at most 8");
        assertWrong(
                "command: [java, A]\ndirectory: /d\nresources: {devices: 1, accelerators: \"gpu:1\"}",
                "'devices' are accelerators of any kind");
        assertWrong(
                "command: [java, A]\ndirectory: /d\nresources: {accelerators: \"gpu:1\", devices: 1}",
                "'devices' are accelerators of any kind");
    }

    private static void assertWrongAlternative(String said, String message) {
        assertWrong(
                "command: [java, A]\ndirectory: /d\nresources: {accelerators: \"" + said + "\"}",
                "job.yaml:3: 'resources.accelerators': ",
                message);
    }

    @Test
    void nodesHaveANumberOrKinds() {
        assertThat(AcceleratorText.ofNode("4").named()).isEqualTo(NodeDevices.UNNAMED);
        assertThat(AcceleratorText.ofNode("4").total()).isEqualTo(4);
        assertThat(AcceleratorText.ofNode("fpga:1,gpu:4").text()).isEqualTo("gpu:4,fpga:1");
        assertThatThrownBy(() -> AcceleratorText.ofNode("cpu:4")).hasMessageContaining("no accelerators 'cpu'");
        assertThatThrownBy(() -> AcceleratorText.ofNode("gpu:4,gpu:1")).hasMessageContaining("'gpu' appears twice");
        assertThatThrownBy(() -> AcceleratorText.ofNode("-1"))
                .hasMessageContaining("'-1' is no number of accelerators");
        assertThatThrownBy(() -> AcceleratorText.ofNode("99999")).hasMessageContaining("at most 10000");
    }

    /** Otherwise what a node finds would be of kinds that nobody can ask for. */
    @Test
    void kindsAreThoseOfTheInterface() {
        assertThat(AcceleratorKind.values())
                .extracting(AcceleratorKind::name)
                .contains(Stream.of(DeviceKind.values()).map(DeviceKind::name).toArray(String[]::new));
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() throws SpecException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            WorkloadSpec spec = new WorkloadSpec(
                    "n" + i,
                    "t",
                    List.of(Tier.values()).get(random.nextInt(3)),
                    random.nextInt(),
                    new Resources(
                            random.nextInt(1_000_000),
                            random.nextInt(100_000),
                            random.nextBoolean() ? 1 + random.nextInt(1000) : 1000L * random.nextInt(9)),
                    List.of("/usr/bin/java", "a b", "", "null", "~", "\u00e9\ud83d\ude00\u0007\u0085\n:{#"),
                    "/d",
                    Map.of("K" + random.nextInt(), "- x: [\"'"),
                    random.nextInt(1_000_000));
            JsonWriter json = JsonWriter.compact();
            WorkloadDocument.write(json, spec);

            assertThat(WorkloadDocument.read("json", json.finish()).complete()).isEqualTo(spec);
        }
    }

    @Test
    void allThatIsWrongIsToldAtOnceWithItsLine() {
        assertWrong(
                """
                teir: basic
                tier: gold
                resources: {core: 1, memory: 1k}
                priority: high
                tier: basic
                environment: [x]
                command: java
                """,
                "job.yaml:1: 'teir': unknown key; did you mean 'tier'?",
                "job.yaml:2: 'tier': there is no tier 'gold'",
                "job.yaml:3: 'resources.core': unknown key; did you mean 'cores'?",
                "job.yaml:3: 'resources.memory': '1k' is no amount of memory",
                "job.yaml:4: 'priority': 'high' is not a whole number",
                "job.yaml:5: 'tier': appears twice",
                "job.yaml:6: 'environment': must be keys and values",
                "job.yaml:7: 'command': must be a list");
    }

    @Test
    void whatThePoolCannotDoIsNotAcceptedInSilence() {
        assertWrong("deadline: 4h\ncommand: [java, X]", "'deadline': unknown key; there are name, tenant");
        assertWrong("gang: 0\ncommand: [java, X]", "'0' is no size of a gang");
        assertWrong("gang: 4-2\ncommand: [java, X]", "'4-2' is no size of a gang");
        assertWrong("command: [python, x.py]", "must begin with java");
        assertWrong("name: ../x", "name '../x'");
        assertWrong("environment: {a=b: c}", "cannot be the name of a variable");
        assertThatThrownBy(() -> WorkloadDocument.read("job.yaml", "tier: basic\nresources: {cores: 0}")
                        .complete())
                .isInstanceOf(SpecException.class)
                .hasMessageContainingAll("'command' is missing", "'directory' is missing", "needs cores or devices");
    }

    @Test
    void hostileTextIsRefused() {
        assertWrong("", "is empty");
        assertWrong("[1, 2]", "must be keys and values");
        assertWrong("{", "job.yaml");
        assertWrong("\u0000", "job.yaml");
        assertWrong("a: &a [*a]\n", "job.yaml");
        assertWrong("name: {x: &a [b], y: *a}", "single value");
        assertWrong("[".repeat(100_000), "nested deeper");
        assertWrong("- ".repeat(100_000), "nested deeper");
        assertWrong("{a: ".repeat(100_000), "nested deeper");
        assertWrong("x".repeat(2 << 20), "longer than");
        assertWrong("command: [java, \"" + "x".repeat(200_000) + "\"]", "characters in its arguments");
        assertWrong("!!javax.script.ScriptEngineManager [x]\n", "must be keys and values");
        assertWrong("a: 1\n---\nb: 2\n", "job.yaml");
    }

    @Test
    void anyTextIsReadOrRefusedButNothingElse() {
        Random random = new Random(42);
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(FULL);
            for (int change = 0; change < 4; change++) {
                int place = random.nextInt(text.length());
                text.replace(place, Math.min(text.length(), place + random.nextInt(5)), noise(random));
            }
            try {
                WorkloadDocument.read("x", text.toString()).complete();
            } catch (SpecException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    private static String noise(Random random) {
        String alphabet = "{}[]:,&*!|>'\"%@`-?#\n\t \\a0\u0000\ud800";
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return noise.toString();
    }

    @Test
    void schemaNamesWhatIsRead() throws JsonException {
        JsonObject schema = JsonObject.parse(WorkloadDocument.schema());
        JsonObject properties = schema.object("properties");
        Set<String> names = new HashSet<>(properties.names());
        JsonObject resources = properties.object("resources");
        resources.object("properties").names().forEach(name -> names.add("resources." + name));

        JsonObject accelerators = properties.object("accelerators");
        accelerators.object("properties").names().forEach(name -> names.add("accelerators." + name));

        JsonObject file = properties.object("files").object("items");
        file.object("properties").names().forEach(name -> names.add("files." + name));
        JsonObject placement = properties.object("placement");
        placement.object("properties").names().forEach(name -> names.add("placement." + name));
        JsonObject service = properties.object("services").object("items");
        service.object("properties").names().forEach(name -> names.add("services." + name));

        assertThat(names).isEqualTo(WorkloadDocument.names());
        assertThat(placement.flag("additionalProperties")).isFalse();
        assertThat(service.flag("additionalProperties")).isFalse();
        assertThat(accelerators.flag("additionalProperties")).isFalse();
        assertThat(schema.flag("additionalProperties")).isFalse();
        assertThat(resources.flag("additionalProperties")).isFalse();
        assertThat(properties.object("tier").strings("enum")).containsExactly("premium", "standard", "basic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpu:1",
                "gpu:1@1",
                "gpu:1@1.0 | fpga:0.5@1",
                " gpu : 1 @ 1.000|cpu:8@0.1 ",
                "gpu:1|cpu:8@0.001",
                "graph_engine:2|other:1|asic:1@1",
                "gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1",
                "gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1|gpu:1",
                "gpu:1@0.5",
                "gpu:1@1.5",
                "gpu:1 | cpu:8@1.5",
                "gpu:1 | cpu:8@1.001",
                "gpu:1 | cpu:8@0",
                "gpu:1 | cpu:8@0.000",
                "gpu:1 | cpu:8@0.0001",
                "gpu:1 | cpu:8@2",
                "gpu:1 |",
                "gpu",
                "gpi:1"
            })
    void schemaTakesTheAcceleratorsThatAreRead(String text) throws JsonException {
        String pattern = JsonObject.parse(WorkloadDocument.schema())
                .object("properties")
                .object("resources")
                .object("properties")
                .object("accelerators")
                .string("pattern");
        boolean read = true;
        try {
            AcceleratorText.alternatives(text);
        } catch (IllegalArgumentException refused) {
            read = false;
        }

        assertThat(Pattern.matches(pattern, text)).isEqualTo(read);
    }

    @Test
    void editsAreCounted() {
        assertThat(Suggestion.edits("teir", "tier")).isEqualTo(1);
        assertThat(Suggestion.edits("", "ab")).isEqualTo(2);
        assertThat(Suggestion.edits("kitten", "sitting")).isEqualTo(3);
    }

    private static void assertWrong(String text, String... messages) {
        assertThatThrownBy(() -> WorkloadDocument.read("job.yaml", text).complete())
                .isInstanceOf(SpecException.class)
                .hasMessageContainingAll(messages);
    }
}
