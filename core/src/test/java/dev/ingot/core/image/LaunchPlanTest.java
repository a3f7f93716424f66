package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchPlanTest {
    private static final Path JAVA = Path.of("/jdk/bin/java");
    private static final Path AGENT = Path.of("/new/ingot-agent.jar");
    private static final Path IMAGE = Path.of("/images/app/000001");

    @Test
    void replacesTheAgentWhereItWas() {
        assertThat(command(
                        "-Xmx1g",
                        "-javaagent:/old/ingot-agent.jar=every=30s,resume=auto,name=a",
                        "-jar",
                        "app.jar",
                        "-x"))
                .containsExactly(
                        "/jdk/bin/java",
                        "-Xmx1g",
                        "-javaagent:/new/ingot-agent.jar=every=30s,name=a,resume=/images/app/000001",
                        "-jar",
                        "app.jar",
                        "-x");
    }

    @Test
    void makesRoomForDeepStacks() {
        LaunchPlan plan =
                plan("-Xss512k", "-javaagent:/old/ingot-agent.jar", "-XX:ThreadStackSize=700", "Main", "-Xss1k");

        assertThat(plan.withStacksOf(400 << 10)).isEqualTo(plan);
        assertThat(plan("-Xss200k", "-javaagent:/old/ingot-agent.jar", "Main")
                        .withStacksOf(100 << 10)
                        .command(JAVA, AGENT, IMAGE))
                .contains("-Xss2404k");
        assertThat(plan.withStacksOf(10_000 << 10).command(JAVA, AGENT, IMAGE))
                .containsExactly(
                        "/jdk/bin/java",
                        "-Xss12304k",
                        "-javaagent:/new/ingot-agent.jar=resume=/images/app/000001",
                        "Main",
                        "-Xss1k");
        LaunchPlan roomy = plan("-Xss1g", "-javaagent:/old/ingot-agent.jar", "Main");
        assertThat(roomy.withStacksOf(10_000 << 10)).isEqualTo(roomy);
    }

    @Test
    void addsTheAgentBeforeTheProgramWhereThereWasNone() {
        assertThat(command("-cp", "a:b", "com.example.Main", "-javaagent:ingot-agent.jar"))
                .containsExactly(
                        "/jdk/bin/java",
                        "-cp",
                        "a:b",
                        "-javaagent:/new/ingot-agent.jar=resume=/images/app/000001",
                        "com.example.Main",
                        "-javaagent:ingot-agent.jar");
        assertThat(command("-p", "mods", "--module", "m/com.example.Main", "x"))
                .containsSubsequence("mods", "-javaagent:/new/ingot-agent.jar=resume=/images/app/000001", "--module");
    }

    @Test
    void goesBehindOtherAgentsWhichKeepTheirOrder() {
        assertThat(command("-javaagent:jacoco.jar=x", "-javaagent:ingot-agent.jar", "-javaagent:otel.jar", "Main"))
                .containsExactly(
                        "/jdk/bin/java",
                        "-javaagent:jacoco.jar=x",
                        "-javaagent:otel.jar",
                        "-javaagent:/new/ingot-agent.jar=resume=/images/app/000001",
                        "Main");
    }

    @Test
    void keepsArgumentsThatAShellWouldChange() {
        assertThat(command("-Dx=a b", "Main", "new\nline", "'quoted' \"twice\"", "", "$HOME", "*"))
                .endsWith("Main", "new\nline", "'quoted' \"twice\"", "", "$HOME", "*");
    }

    @Test
    void escapesCommasInThePathOfTheImage() {
        LaunchPlan plan = LaunchPlan.of(process(Map.of(), "-javaagent:ingot-agent.jar=images=/a\\,b,every=1s", "Main"));

        assertThat(plan.agentOptions()).containsExactly("images=/a\\,b", "every=1s");
        assertThat(plan.command(JAVA, AGENT, Path.of("/a,b/1")))
                .contains("-javaagent:/new/ingot-agent.jar=images=/a\\,b,every=1s,resume=/a\\,b/1");
    }

    @Test
    void takesTheAgentOutOfTheEnvironment() {
        LaunchPlan plan = LaunchPlan.of(process(
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Xss1m '-Dx=a b' -javaagent:/old/ingot-agent.jar=every=5s",
                        "CLASSPATH",
                        "c d"),
                "Main"));

        assertThat(plan.environment())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("JAVA_TOOL_OPTIONS", "-Xss1m \"-Dx=a b\"", "CLASSPATH", "c d"));
        assertThat(plan.command(JAVA, AGENT, IMAGE))
                .containsExactly(
                        "/jdk/bin/java", "-javaagent:/new/ingot-agent.jar=every=5s,resume=/images/app/000001", "Main");
    }

    @Test
    void knowsAnAgentOfAnotherNameByItsManifest(@TempDir Path directory) throws IOException {
        Path ours = jar(directory.resolve("checkpointing.jar"), "dev.ingot.agent.IngotAgent");
        Path theirs = jar(directory.resolve("ingot-agent-of-others.jar"), "com.example.Agent");

        assertThat(command("-javaagent:" + theirs, "-javaagent:" + ours + "=every=1s", "Main"))
                .containsExactly(
                        "/jdk/bin/java",
                        "-javaagent:" + theirs,
                        "-javaagent:/new/ingot-agent.jar=every=1s,resume=/images/app/000001",
                        "Main");
    }

    @Test
    void leavesOneOfSeveralAgentsWithTheOptionsOfTheFirst() {
        LaunchPlan plan = LaunchPlan.of(process(
                Map.of("JAVA_TOOL_OPTIONS", "-javaagent:/a/ingot-agent.jar=name=first"),
                "-javaagent:/b/ingot-agent.jar=name=second",
                "-javaagent:/c/ingot-agent.jar",
                "Main"));

        assertThat(plan.environment()).containsExactly(Map.entry("JAVA_TOOL_OPTIONS", ""));
        assertThat(plan.command(JAVA, AGENT, IMAGE))
                .containsExactly(
                        "/jdk/bin/java",
                        "-javaagent:/new/ingot-agent.jar=name=first,resume=/images/app/000001",
                        "Main");
    }

    private static Path jar(Path file, String premain) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), premain);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }

    @Test
    void writesWordsThatEndWithZero() {
        LaunchPlan plan = LaunchPlan.of(process(Map.of("CLASSPATH", "x"), "-Xmx1g", "Main", "a\nb"));

        assertThat(new String(plan.toFile(77), StandardCharsets.UTF_8).split("\0", -1))
                .containsExactly(
                        "ingot-launch-1",
                        "/work",
                        "/jdk17",
                        "77",
                        "1",
                        "CLASSPATH=x",
                        "",
                        "1",
                        "-Xmx1g",
                        "2",
                        "Main",
                        "a\nb",
                        "");
    }

    @Test
    void describesThisProcess() throws IOException {
        ProcessDescription process = ProcessDescription.ofThisProcess();

        assertThat(process.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(process.arguments()).isNotEmpty();
        assertThat(process.main()).isNotEmpty();
        assertThat(Path.of(process.workingDirectory())).isEqualTo(Path.of("").toRealPath());
    }

    @Test
    void expandsArgumentFilesUpToTheProgram(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("args"), "# comment\n-Xmx1g \"-Dx=a b\" -cp \"a\\\\b;\\\n   c\"\n'-Dy=#'  \\\n -ea");

        assertThat(ArgumentFiles.expand(List.of("-Xss1m", "@args", "@@x", "Main", "@args"), directory))
                .containsExactly("-Xss1m", "-Xmx1g", "-Dx=a b", "-cp", "a\\b;c", "-Dy=#", "-ea", "@x", "Main", "@args");
    }

    @Test
    void findsTheProgramAmongTheArguments() {
        assertThat(CommandLine.parse(List.of("-cp", "-jar", "Main", "-jar")).main())
                .isEqualTo("Main");
        assertThat(CommandLine.parse(List.of("--add-opens", "a/b=c", "-jar", "x.jar"))
                        .main())
                .isEqualTo("x.jar");
        assertThat(CommandLine.parse(List.of("--module=m/M", "x")).main()).isEqualTo("m/M");
        assertThat(CommandLine.parse(List.of("-version")).main()).isEmpty();
    }

    @Test
    void derivesNamesThatAreDirectories() {
        assertThat(ImageName.derive("com.example.Main")).isEqualTo("com.example.Main");
        assertThat(ImageName.derive("/lib/my app-1.2.jar")).isEqualTo("my_app-1.2");
        assertThat(ImageName.derive("mod/a.B$C")).isEqualTo("a.B_C");
        assertThat(ImageName.derive("..")).isEqualTo("java");
        assertThat(ImageName.derive("x".repeat(300))).hasSize(100);
    }

    private static List<String> command(String... arguments) {
        return plan(arguments).command(JAVA, AGENT, IMAGE);
    }

    private static LaunchPlan plan(String... arguments) {
        return LaunchPlan.of(process(Map.of(), arguments));
    }

    private static ProcessDescription process(Map<String, String> environment, String... arguments) {
        return new ProcessDescription(
                1,
                Instant.EPOCH,
                new JdkDescription("17", "v", "/jdk17"),
                "Linux",
                "amd64",
                List.of(arguments),
                environment,
                "/work",
                "Main");
    }

    @Test
    void leavesOutSecretProperties() {
        ProcessDescription process = new ProcessDescription(
                1,
                Instant.EPOCH,
                new JdkDescription("17", "", "/jdk"),
                "Linux",
                "amd64",
                List.of("-Ddb.user=u", "-Ddb.password=hunter2", "Main", "-Ddb.password=argument"),
                Map.of("JAVA_TOOL_OPTIONS", "-Da=b '-Ddb.password=hunter2 x' \"-Dc=d e\"", "CLASSPATH", "/x"),
                "/",
                "Main");

        ProcessDescription kept = process.without("db.password"::equals);

        assertThat(kept.arguments()).containsExactly("-Ddb.user=u", "Main", "-Ddb.password=argument");
        assertThat(kept.environment())
                .containsEntry("JAVA_TOOL_OPTIONS", "-Da=b \"-Dc=d e\"")
                .containsEntry("CLASSPATH", "/x");
    }
}
