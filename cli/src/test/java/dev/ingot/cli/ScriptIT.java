package dev.ingot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.JdkDescription;
import dev.ingot.core.image.ProcessDescription;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code ingot} script: it becomes the program, word for word, with and without the help of the Java command. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ScriptIT {
    private static final Path SCRIPT = Path.of("..", "ingot").toAbsolutePath().normalize();
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final List<String> NASTY =
            List.of("a b", "", "new\nline", "'q' \"d\"", "$HOME", "*", "-x", "\\", "ü");
    /** Makes the script ask the Java command, which the plain forms of resume do without. */
    private static final String SLOWLY = "--directory";

    @TempDir
    Path temporary;

    private Path work = Path.of("");
    private Path images = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        work = Files.createDirectory(temporary.resolve("work dir")).toRealPath();
        images = temporary.toRealPath().resolve("im,ages");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), EchoAgent.class.getName());
        new JarOutputStream(Files.newOutputStream(agent()), manifest).close();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void resumesWithTheCommandLineOfTheImage(boolean slowly) throws IOException, InterruptedException {
        ImageHandle image = writeImage("exit");

        Started program = start(resume(slowly));

        assertThat(program.process.waitFor()).as(program.error()).isEqualTo(EchoProgram.EXIT_CODE);
        List<String> expected = new ArrayList<>(List.of(
                "pid=" + program.process.pid(),
                "directory=" + work,
                "agent=every=30s,name=echo,resume="
                        + image.directory().toString().replace(",", "\\,"),
                "x=a b",
                "variables=of the image null",
                "argument=exit"));
        NASTY.forEach(argument -> expected.add("argument=" + argument.replace("\n", "\\n")));
        assertThat(program.lines()).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void passesStandardInputAndSignalsThrough(boolean slowly) throws IOException, InterruptedException {
        writeImage("read");
        Started reader = start(resume(slowly));
        try (OutputStream in = reader.process.getOutputStream()) {
            in.write("two\nlines".getBytes(UTF_8));
        }
        assertThat(reader.process.waitFor()).as(reader.error()).isEqualTo(EchoProgram.EXIT_CODE);
        assertThat(reader.lines()).containsSubsequence("read=two", "lines");

        writeImage("wait");
        Started waiting = start(resume(slowly));
        await().atMost(Duration.ofMinutes(5)).until(() -> waiting.lines().contains("waiting"));
        waiting.process.destroy();
        assertThat(waiting.process.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void tellsTheAgentWhichDevicesReplaceWhich() throws IOException, InterruptedException {
        writeImage("exit");
        List<String> command = resume(false);
        command.addAll(List.of("--device", "gpu=cpu", "--device=fpga:1=asic", "--determinism", "tolerance"));

        Started program = start(command);

        assertThat(program.process.waitFor()).as(program.error()).isEqualTo(EchoProgram.EXIT_CODE);
        assertThat(program.output())
                .contains("agent=every=30s,name=echo,devices=gpu=cpu;fpga:1=asic,determinism=tolerance,resume=");
    }

    @Test
    void resumesWhatComesThroughAPipe() throws IOException, InterruptedException {
        ImageHandle image = writeImage("exit");
        Path other = temporary.toRealPath().resolve("other");

        Started program = start(pipe(image, "cat", "resume --images '" + other + "'"));

        assertThat(program.process.waitFor()).as(program.error()).isEqualTo(EchoProgram.EXIT_CODE);
        Path copy = other.resolve("echo").resolve(image.directory().getFileName());
        assertThat(program.lines()).contains("directory=" + work, "agent=every=30s,name=echo,resume=" + copy);
        assertThat(copy.resolve("manifest.json")).exists();
        // There again, it is resumed again; the program finds its standard input at its end.
        writeImage("read");
        Started again = start(pipe(writeImage("read"), "cat", "resume --images '" + other + "'"));
        assertThat(again.process.waitFor()).as(again.error()).isEqualTo(EchoProgram.EXIT_CODE);
    }

    @Test
    void resumesNothingThatComesInPartOrIsSomethingElse() throws IOException, InterruptedException {
        ImageHandle image = writeImage("exit");
        Path other = temporary.toRealPath().resolve("other");
        for (String way : List.of("head -c 1000", "tail -c +2", "head -c 0", "tr e f", "gzip")) {
            for (String command : List.of("resume", "images import")) {
                Started program = start(pipe(image, way, command + " --images '" + other + "'"));

                assertThat(program.process.waitFor()).as(way).isEqualTo(ExitCode.FAILED);
                assertThat(program.error()).contains("ingot: cannot ").contains(" -: ");
                assertThat(program.output()).isEmpty();
            }
        }
        try (var files = Files.list(other)) {
            // A directory that another image may get, and no more.
            assertThat(files.filter(file -> !file.endsWith("echo"))).isEmpty();
        }
        assertThat(ImageStore.at(other).list()).isEmpty();
    }

    @Test
    void carriesAnImageThroughAPipe() throws IOException, InterruptedException {
        ImageHandle image = writeImage("exit");
        Path other = temporary.toRealPath().resolve("other");

        Started imported = start(pipe(image, "cat", "images import --images '" + other + "'"));

        assertThat(imported.process.waitFor()).as(imported.error()).isZero();
        assertThat(imported.output()).startsWith("imported " + other);
        assertThat(imported.error()).contains("exported " + image.directory());
        assertThat(ImageStore.verify(ImageStore.at(other).list().get(0)).isIntact())
                .isTrue();
    }

    /** Sends an image through a command of the shell to the script. */
    private List<String> pipe(ImageHandle image, String way, String command) {
        return List.of(
                "bash",
                "-c",
                "'" + SCRIPT + "' images export '" + image.directory() + "' - | " + way + " | '" + SCRIPT + "' "
                        + command + " -");
    }

    /** The plain forms too, which the script does by itself where nobody asks who signed. */
    @Test
    void becomesNothingThatNobodyTrustedHasSigned() throws IOException, GeneralSecurityException, InterruptedException {
        writeImage("exit");
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        Path trusted = Files.writeString(
                temporary.resolve("trusted.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(key)
                        + "\n-----END PUBLIC KEY-----\n");

        Started program = start(resume(false), Map.of("INGOT_TRUSTED", trusted.toString()));

        assertThat(program.process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(program.error()).contains("is not signed");
        assertThat(program.output()).isEmpty();
    }

    @Test
    void takesTheNewestImageOfTheYoungestName() throws IOException, InterruptedException {
        writeImage("exit");
        ImageHandle newest = writeImage("exit");
        Files.createDirectories(images.resolve("other").resolve("not-an-image"));

        Started program = start(resume(false));
        program.process.waitFor();

        assertThat(program.output())
                .contains("resume=" + newest.directory().toString().replace(",", "\\,"));
    }

    @Test
    void passesOverADamagedImage() throws IOException, InterruptedException {
        ImageHandle intact = writeImage("exit");
        ImageHandle damaged = writeImage("exit");
        Files.write(damaged.directory().resolve("chunks.pack"), new byte[] {1}, StandardOpenOption.APPEND);

        Started program = start(resume(false));

        assertThat(program.process.waitFor()).as(program.error()).isEqualTo(EchoProgram.EXIT_CODE);
        assertThat(program.output())
                .contains("resume=" + intact.directory().toString().replace(",", "\\,"));
    }

    @Test
    void saysWhyItCannotResume() throws IOException, InterruptedException {
        Started nothing = start(resume(false));
        assertThat(nothing.process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(nothing.error()).contains("there is no complete image in " + images);

        writeImage("exit");
        Started noJava = start(script("resume", "--images", images.toString(), "--java", "/no/java"));
        assertThat(noJava.process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(noJava.error()).contains("there is no java launcher /no/java");

        Started wrong = start(script("resume", "--imags", "x"));
        assertThat(wrong.process.waitFor()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void runsACommandUnderTheAgent() throws IOException, InterruptedException {
        List<String> command = script("run", "--exec", "--images", images.toString(), "--every", "30s", "--name", "n");
        command.addAll(
                List.of(JAVA_HOME.resolve("bin/java").toString(), "-Dx=a b", "-cp", classPath(), main(), "exit"));
        command.addAll(NASTY);

        Started program = start(command);

        assertThat(program.process.waitFor()).as(program.error()).isEqualTo(EchoProgram.EXIT_CODE);
        assertThat(program.lines())
                .startsWith(
                        "pid=" + program.process.pid(),
                        "directory=" + work,
                        "agent=images=" + images.toString().replace(",", "\\,") + ",name=n,every=30s",
                        "x=a b")
                .endsWith("argument=\\", "argument=ü");
    }

    @Test
    void refusesToRunWhatIsNotJava() throws IOException, InterruptedException {
        Started program = start(script("run", "--", "sh", "-c", "java"));

        assertThat(program.process.waitFor()).isEqualTo(ExitCode.USAGE);
        assertThat(program.error()).contains("JAVA_TOOL_OPTIONS");
    }

    @Test
    void printsHelpAndResults() throws IOException, InterruptedException {
        writeImage("exit");
        for (List<String> arguments : List.of(
                List.of("--help"),
                List.of("resume", "--help"),
                List.of("run", "--help"),
                List.of("images", "--images", images.toString()),
                List.of("resume", "--print", "--images", images.toString()))) {
            Started program = start(script(arguments.toArray(new String[0])));

            assertThat(program.process.waitFor()).as(program.error()).isZero();
            assertThat(program.output()).isNotEmpty();
            assertThat(program.error()).isEmpty();
        }
    }

    @Test
    void completesCommandsAndOptionsInBash() throws IOException, InterruptedException {
        Started shell = start(List.of(
                "bash",
                "-c",
                "source <('" + SCRIPT + "' generate-completion);"
                        + " COMP_WORDS=(ingot susp); COMP_CWORD=1; _complete_ingot; echo \"${COMPREPLY[@]}\";"
                        + " COMP_WORDS=(ingot resume --dir); COMP_CWORD=2; _complete_ingot; echo \"${COMPREPLY[@]}\""));

        assertThat(shell.process.waitFor()).as(shell.error()).isZero();
        assertThat(shell.lines()).containsExactly("suspend", "--directory");
    }

    @Test
    void prunesAllButTheNewest() throws IOException, InterruptedException {
        ImageHandle old = writeImage("exit");
        ImageHandle newest = writeImage("exit");

        Started prune = start(script("images", "prune", "--keep", "1", "--images", images.toString()));

        assertThat(prune.process.waitFor()).as(prune.error()).isZero();
        assertThat(old.directory()).doesNotExist();
        assertThat(newest.directory()).exists();
    }

    private ImageHandle writeImage(String action) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-Dx=a b",
                "-javaagent:/old/ingot-agent.jar=every=30s,resume=auto,name=echo",
                "-cp",
                classPath(),
                main(),
                action));
        arguments.addAll(NASTY);
        ProcessDescription process = new ProcessDescription(
                1,
                Instant.EPOCH,
                new JdkDescription("17", "v", JAVA_HOME.toString()),
                "Linux",
                "amd64",
                arguments,
                Map.of("CLASSPATH", "of the image"),
                work.toString(),
                main());
        try (ImageWriter writer =
                ImageStore.at(images).begin(new ImageDescription("echo", null, "0.1", "w1", process, 0))) {
            try (OutputStream out = writer.section("heap")) {
                out.write(1);
            }
            return writer.commit(ImageContents.EMPTY);
        }
    }

    private List<String> resume(boolean slowly) {
        List<String> command = script("resume", "--images", images.toString(), "--java", JAVA_HOME + "/bin/java");
        if (slowly) {
            command.addAll(List.of(SLOWLY, work.toString()));
        }
        return command;
    }

    private static List<String> script(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Started start(List<String> command) throws IOException {
        return start(command, Map.of());
    }

    private Started start(List<String> command, Map<String, String> environment) throws IOException {
        Path out = Files.createTempFile(temporary, "out", "");
        Path err = Files.createTempFile(temporary, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put(Installation.AGENT_VARIABLE, agent().toString());
        builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("JDK_JAVA_OPTIONS", "");
        builder.environment().putAll(environment);
        return new Started(builder.start(), out, err);
    }

    private Path agent() {
        return temporary.resolve("ingot-agent.jar");
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static String main() {
        return EchoProgram.class.getName();
    }

    /** A program and the files it writes to. */
    private record Started(Process process, Path out, Path err) {
        String output() throws IOException {
            return Files.readString(out, UTF_8);
        }

        List<String> lines() throws IOException {
            return output().lines().toList();
        }

        String error() throws IOException {
            return Files.readString(err, UTF_8);
        }
    }
}
