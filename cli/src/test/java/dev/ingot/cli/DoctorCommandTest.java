package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    Path directory;

    @Test
    void findsNativeCodeOnTheClassPathEvenInNestedJars() throws IOException, JsonException {
        Path inner = jar("inner.jar", "linux/libfoo.so", new byte[] {1});
        Path fat = jar("fat.jar", "BOOT-INF/lib/inner.jar", Files.readAllBytes(inner));
        Path plain = jar("plain.jar", "a.txt", new byte[] {1});

        List<String> findings = findings("java", "-agentpath:/x.so", "-cp", fat + ":" + plain + ":/gone.jar", "Main");

        assertThat(findings)
                .anyMatch(finding -> finding.startsWith("warning class path " + fat) && finding.contains("libfoo.so"));
        assertThat(findings).noneMatch(finding -> finding.contains(plain.toString()));
        assertThat(findings).anyMatch(finding -> finding.startsWith("warning class path /gone.jar does not exist"));
        assertThat(findings).anyMatch(finding -> finding.startsWith("warning option -agentpath:/x.so"));
    }

    @Test
    void namesClassesThatMayDoWhatACheckpointRefuses() throws IOException, JsonException {
        String name = Launch.class.getName().replace('.', '/') + ".class";
        byte[] classFile;
        try (InputStream in = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(name))) {
            classFile = in.readAllBytes();
        }
        Path jar = jar("starts.jar", name, classFile);

        assertThat(findings("java", "-cp", jar.toString(), "Main"))
                .contains("warning class path " + jar + " has classes that may start other programs: "
                        + Launch.class.getName() + "; a checkpoint is refused while one of them runs");
    }

    @Test
    void knowsTheJavaItRunsOn() throws JsonException {
        assertThat(findings())
                .anyMatch(finding -> finding.startsWith("fine java " + System.getProperty("java.version")))
                .anyMatch(finding -> finding.startsWith("fine images " + directory.resolve("images")));
    }

    @Test
    void refusesAPlaceForImagesThatIsAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        CliRun run = CliRun.of("doctor", "--images", file.resolve("images"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("problem").contains("not a writable directory");
    }

    private List<String> findings(String... command) throws JsonException {
        List<Object> arguments =
                new ArrayList<>(List.of("doctor", "--json", "--images", directory.resolve("images"), "--"));
        arguments.addAll(List.of(command));
        CliRun run = CliRun.of(arguments.toArray());
        List<String> findings = new ArrayList<>();
        for (JsonObject finding : JsonObject.parse(run.out()).objects("findings")) {
            findings.add(finding.string("weight") + " " + finding.string("subject") + " " + finding.string("text"));
        }
        return findings;
    }

    private Path jar(String name, String entry, byte[] content) throws IOException {
        Path jar = directory.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry(entry));
            out.write(content);
            out.closeEntry();
        }
        return jar;
    }
}
