package dev.ingot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at images. */
class ImageCommandsTest {
    @TempDir
    Path images;

    private List<ImageHandle> written = List.of();

    @BeforeEach
    void writeImages() throws IOException {
        ImageStore store = ImageStore.at(images);
        written = List.of(FakeProgram.write(store, 100), FakeProgram.write(store, 250));
    }

    @Test
    void listsImages() throws JsonException {
        CliRun table = CliRun.of("images", "--images", images);
        CliRun json = CliRun.of("images", "--images", images, "--json");

        assertThat(table.out().lines()).hasSize(3);
        assertThat(table.out()).contains("000001-").contains("000002-").contains("fake");
        assertThat(JsonObject.parse(json.out()).objects("images").get(1).integer("objects"))
                .isEqualTo(250);
    }

    @Test
    void listsWhatIsNotUsableWithItsReason() throws IOException, JsonException {
        Files.delete(written.get(0).directory().resolve("manifest.json"));

        CliRun json = CliRun.of("images", "--images", images, "--json");

        assertThat(JsonObject.parse(json.out()).objects("images")).hasSize(1);
        assertThat(JsonObject.parse(json.out()).objects("unusable").get(0).string("problem"))
                .isEqualTo("INCOMPLETE");
        assertThat(CliRun.of("images", "--images", images).out()).contains("not usable: ");
    }

    @Test
    void prunesToTheNewest() {
        CliRun run = CliRun.of("images", "prune", "--keep", "1", "--images", images);

        assertThat(run.out()).contains("deleted " + written.get(0).directory());
        assertThat(written.get(0).directory()).doesNotExist();
        assertThat(written.get(1).directory()).exists();
        assertThat(CliRun.of("images", "prune", "--keep", "0", "--images", images)
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void prunesWhatAWriterThatDiedHasLeft() throws IOException {
        Path left = Files.createDirectory(images.resolve("fake").resolve(".writing-1-0"));
        Files.write(left.resolve("chunks.pack"), new byte[100]);

        CliRun dry = CliRun.of("images", "prune", "--keep", "2", "--dry-run", "--images", images);
        assertThat(dry.out()).isEmpty();
        assertThat(left).exists();

        CliRun run = CliRun.of("images", "prune", "--keep", "2", "--images", images);
        assertThat(run.out().lines()).singleElement().asString().contains(left.toString());
        assertThat(left).doesNotExist();
        assertThat(written.get(0).directory()).exists();
    }

    @Test
    void inspectsAnImageWithoutItsSecrets() throws JsonException {
        for (String reference : List.of(
                written.get(1).directory().toString(),
                "fake",
                "fake/" + written.get(1).directory().getFileName(),
                written.get(1).manifest().id().substring(0, 8))) {
            CliRun run = CliRun.of("inspect", reference, "--images", images);

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains(written.get(1).manifest().id())
                    .contains("\"main\" RUNNABLE")
                    .contains("    at com.example.Fake.main(Fake.java:1)")
                    .contains("com.example.Node")
                    .contains("db.password=" + Secrets.MASK)
                    .doesNotContain("hunter2");
        }
        CliRun json = CliRun.of("inspect", "fake", "--images", images, "--json", "--only", "heap,properties");
        JsonObject report = JsonObject.parse(json.out());
        assertThat(report.names()).containsExactly("heap", "properties");
        assertThat(report.stringMap("properties")).containsEntry("db.password", Secrets.MASK);
    }

    @Test
    void masksSecretsOfCommandLines() {
        assertThat(Secrets.masked(List.of(
                        "-Dapi.key=x",
                        "-Dname=y",
                        "--db-password",
                        "p",
                        "--token=t",
                        "jdbc:x://u:pw@host/d",
                        "-Dpasswd=a=b")))
                .containsExactly(
                        "-Dapi.key=********",
                        "-Dname=y",
                        "--db-password",
                        "********",
                        "--token=********",
                        "jdbc:x://u:********@host/d",
                        "-Dpasswd=********");
        assertThat(Secrets.masked(Map.of("AWS_SECRET_ACCESS_KEY", "x", "path", "y")))
                .containsEntry("AWS_SECRET_ACCESS_KEY", Secrets.MASK)
                .containsEntry("path", "y");
    }

    @Test
    void showsWhatChanged() throws JsonException {
        CliRun run =
                CliRun.of("diff", written.get(0).directory(), written.get(1).directory(), "--images", images, "--json");

        List<JsonObject> differences = JsonObject.parse(run.out()).objects("differences");
        List<String> what = new java.util.ArrayList<>();
        for (JsonObject difference : differences) {
            what.add(difference.string("what") + " " + difference.string("name"));
        }
        assertThat(what).containsExactly("program created", "program objects", "class com.example.Node");
        assertThat(CliRun.of("diff", "fake", "fake", "--images", images).out()).startsWith("no differences");
    }

    @Test
    void verifiesEveryImage() throws IOException {
        assertThat(CliRun.of("verify", "--images", images).exitCode()).isZero();
        Path pack = written.get(0).directory().resolve("chunks.pack");
        byte[] bytes = Files.readAllBytes(pack);
        bytes[0] ^= 1;
        Files.write(pack, bytes);

        CliRun all = CliRun.of("verify", "--images", images);

        assertThat(all.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(all.out())
                .contains("DAMAGED in 1 places")
                .contains(pack + " at byte 0")
                .contains(written.get(1).directory() + ": intact");
        assertThat(CliRun.of("verify", written.get(1).directory()).exitCode()).isZero();
    }

    @Test
    void saysWhatThereIsInsteadOfAnImage() {
        CliRun run = CliRun.of("inspect", "nothing", "--images", images);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("'nothing' is no image").contains("ingot images");
    }

    @Test
    void refusesUnknownOptionsWithASuggestion() {
        CliRun run = CliRun.of("verify", "--image", images);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--images");
    }

    @Test
    void completesInTheShell() {
        assertThat(CliRun.of("generate-completion").out())
                .contains("_complete_ingot")
                .contains("suspend");
    }

    @Test
    void handlesSealedImages() throws IOException, JsonException {
        Path old = Files.write(images.resolve("old-key"), new byte[32]);
        Path fresh = Files.write(images.resolve("new-key"), "0123456789abcdef0123456789abcdef".getBytes(UTF_8));
        String oldKey = "file:" + old;
        String freshKey = "file:" + fresh;
        ImageStore store =
                ImageStore.at(images, ImageKeys.either(KeyName.parse(oldKey).provider()));
        Path sealed = FakeProgram.write(store, 77).directory();

        CliRun blind = CliRun.of("images", "--images", images, "--json");
        assertThat(JsonObject.parse(blind.out()).objects("unusable")).isEmpty();
        JsonObject last = JsonObject.parse(blind.out()).objects("images").get(2);
        assertThat(last.flag("sealed")).isTrue();
        assertThat(last.names()).doesNotContain("objects");
        assertThat(CliRun.of("images", "--images", images, "--key", oldKey).out())
                .contains(" 77 ")
                .contains("file ");
        assertThat(CliRun.of("inspect", sealed).err()).contains("is sealed; name its key, by --key or INGOT_KEY");
        assertThat(CliRun.of("inspect", sealed, "--key", freshKey).err()).contains("name the key it is sealed with");
        assertThat(CliRun.of("inspect", sealed, "--key", oldKey).out()).contains("77 objects");
        assertThat(CliRun.of("verify", "--images", images, "--key", oldKey).exitCode())
                .isZero();

        CliRun rewrap = CliRun.of("images", "rewrap", "--images", images, "--key", oldKey, "--new-key", freshKey);
        assertThat(rewrap.out()).isEqualTo("rewrapped " + sealed + System.lineSeparator());
        assertThat(CliRun.of("verify", sealed, "--key", freshKey).exitCode()).isZero();
        assertThat(CliRun.of("images", "rewrap", "--images", images, "--key", oldKey, "--new-key", freshKey)
                        .out())
                .startsWith("rewrapped before: ");

        assertThat(CliRun.of("images", "erase", sealed).out()).startsWith("erased ");
        assertThat(CliRun.of("images", "erase", sealed).out()).startsWith("erased before: ");
        assertThat(CliRun.of("verify", sealed, "--key", freshKey).err()).contains("was erased");
        assertThat(CliRun.of("images", "erase", written.get(0).directory()).err())
                .contains("is not sealed");
    }

    @Test
    void saysWhoSignedAnImage() throws IOException, GeneralSecurityException, JsonException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path own = pem("own.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
        Path trusted = pem("own.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
        SigningKey key = SigningKey.read(own);
        Path signed = FakeProgram.write(ImageStore.at(images, ImageKeys.NONE.signing(key)), 77)
                .directory();

        CliRun text = CliRun.of("verify", signed, "--trusted", trusted);
        CliRun all = CliRun.of("verify", "--images", images, "--trusted", trusted, "--json");

        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out()).contains("signed by " + key.fingerprint() + " (" + trusted + ")");
        assertThat(all.exitCode()).isEqualTo(ExitCode.FAILED);
        List<JsonObject> findings = JsonObject.parse(all.out()).objects("images");
        assertThat(findings.get(2).object("signer").string("fingerprint")).isEqualTo(key.fingerprint());
        assertThat(findings.get(2).object("signer").string("file")).isEqualTo(trusted.toString());
        assertThat(findings.get(0).flag("intact")).isFalse();
        assertThat(findings.get(0).names()).doesNotContain("signer");
        assertThat(CliRun.of("verify", signed).out()).doesNotContain("signed by");
        assertThat(CliRun.of("inspect", written.get(0).directory(), "--trusted", trusted)
                        .err())
                .contains("is not signed");
        assertThat(CliRun.of("images", "--images", images, "--trusted", trusted)
                        .out()
                        .lines())
                .filteredOn(line -> line.startsWith("not usable: "))
                .hasSize(2);
        assertThat(CliRun.of("verify", "--at", images.toUri(), "--trusted", trusted)
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.of("verify", signed, "--trusted", own).err()).contains("openssl pkey");
    }

    @Test
    void copiesOnlyImagesThatATrustedKeySigned(@TempDir Path elsewhere) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        SigningKey key =
                SigningKey.read(pem("own.key", "PRIVATE KEY", pair.getPrivate().getEncoded()));
        Path trusted = pem("own.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
        Path signed = FakeProgram.write(ImageStore.at(images, ImageKeys.NONE.signing(key)), 77)
                .directory();
        String mixed = elsewhere.resolve("mixed").toUri().toString();
        assertThat(CliRun.of("images", "copy", images, mixed).exitCode()).isZero();

        Path directory = elsewhere.resolve("directory");
        for (List<?> fromTo : List.of(
                List.of(images, elsewhere.resolve("other")),
                List.of(images, elsewhere.resolve("repository").toUri()),
                List.of(mixed, directory))) {
            CliRun copied = CliRun.of("images", "copy", fromTo.get(0), fromTo.get(1), "--trusted", trusted);

            assertThat(copied.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(copied.out().lines())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("copied fake/" + signed.getFileName());
            assertThat(copied.err().lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("not copied: ") && line.contains("is not signed"));
        }
        assertThat(ImageStore.at(directory).list("fake")).hasSize(1);
        assertThat(CliRun.of("images", "copy", mixed, elsewhere.resolve("third").toUri(), "--trusted", trusted)
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        Path file = Files.writeString(
                Files.createTempDirectory(images, ".keys").resolve(name),
                "-----BEGIN " + kind + "-----\n" + Base64.getEncoder().encodeToString(content) + "\n-----END " + kind
                        + "-----\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void repeatsNothingOfAKeyThatIsMalformed() {
        CliRun run = CliRun.of("images", "--images", images, "--key", "pkcs12:/k?password=hunter2");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("parameter 'password' is not known").doesNotContain("hunter2");
    }

    @Test
    void carriesImagesToOtherPlacesAndBack(@TempDir Path elsewhere) throws IOException, JsonException {
        String repository = elsewhere.resolve("repository").toUri().toString();
        Path back = elsewhere.resolve("back");

        CliRun there = CliRun.of("images", "copy", images, repository);
        assertThat(there.out().lines()).hasSize(2).allMatch(line -> line.startsWith("copied fake/"));
        assertThat(CliRun.of("images", "copy", images, repository).out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("there already: "));
        assertThat(JsonObject.parse(CliRun.of("images", "--at", repository, "--json")
                                .out())
                        .objects("images"))
                .hasSize(2);
        assertThat(CliRun.of("verify", "--at", repository).exitCode()).isZero();

        assertThat(CliRun.of("images", "copy", repository, back, "--newest")
                        .out()
                        .lines())
                .hasSize(1);
        assertThat(CliRun.of("verify", "--images", back).out()).contains(": intact");

        CliRun pruned = CliRun.of("images", "prune", "--at", repository, "--keep", "1");
        assertThat(pruned.out()).contains("deleted fake/").contains("swept fake: ");
        assertThat(CliRun.of("images", "--at", repository).out().lines()).hasSize(2);

        Path file = elsewhere.resolve("image.zip");
        assertThat(CliRun.of("images", "export", "fake", file, "--images", images)
                        .out())
                .startsWith("exported ");
        assertThat(CliRun.of("images", "import", file, "--images", back).out()).startsWith("there already: ");
        assertThat(CliRun.of("images", "import", file, "--images", elsewhere.resolve("third"))
                        .out())
                .startsWith("imported ");
        assertThat(CliRun.of("images", "copy", "nonsense://x", back).err()).contains("cannot open nonsense://x");
    }

    @Test
    void prunesByRulesAndSaysBeforehandWhat() {
        CliRun dry = CliRun.of("images", "prune", "--daily", "3", "--dry-run", "--images", images);
        assertThat(dry.out()).isEqualTo("would delete " + written.get(0).directory() + System.lineSeparator());
        assertThat(written.get(0).directory()).exists();
        assertThat(CliRun.of("images", "prune", "--quota", "1g", "--images", images)
                        .out())
                .isEmpty();

        CliRun run = CliRun.of("images", "prune", "--quota", "0m", "--images", images);

        assertThat(run.out()).isEqualTo("deleted " + written.get(0).directory() + System.lineSeparator());
        assertThat(written.get(1).directory()).exists();
    }
}
