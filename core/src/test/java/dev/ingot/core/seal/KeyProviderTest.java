package dev.ingot.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What wraps a data key unwraps it, and nothing else does. */
class KeyProviderTest {
    private static final String PASSWORD = "correct horse";
    private static final Path TOKEN_LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    @TempDir
    Path directory;

    private final byte[] dataKey = bytes(1);

    @Test
    void unwrapsByAKeyFileOfAnyForm() throws IOException {
        byte[] key = bytes(2);
        KeyProvider raw = keyFile("raw", key);
        KeyProvider hexadecimal = keyFile("hex", (HexFormat.of().formatHex(key) + "\n").getBytes(UTF_8));
        KeyProvider base64 = keyFile("base64", Base64.getEncoder().encode(key));

        for (KeyProvider other : List.of(raw, hexadecimal, base64)) {
            assertThat(other.unwrap(raw.wrap(dataKey))).isEqualTo(dataKey);
        }
        assertThat(raw.wrap(dataKey).text())
                .isNotEqualTo(raw.wrap(dataKey).text())
                .doesNotContain(Base64.getEncoder().encodeToString(dataKey));
    }

    @Test
    void tellsAnotherKeyFromAChangedOne() throws IOException {
        KeyProvider key = keyFile("key", bytes(2));
        KeyProvider other = keyFile("other", bytes(3));
        WrappedKey wrapped = key.wrap(dataKey);

        assertReason(KeyException.Reason.WRONG, other, wrapped);
        byte[] bytes = Base64.getDecoder().decode(wrapped.text());
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            String text = Base64.getEncoder().encodeToString(changed);
            assertReason(KeyException.Reason.FORGED, key, new WrappedKey("file", wrapped.keyId(), text));
        }
        for (String text : List.of("", "!", "AAAA")) {
            assertReason(KeyException.Reason.FORGED, key, new WrappedKey("file", wrapped.keyId(), text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "00112233", "zz"})
    void saysWhatAKeyFileMustHold(String content) throws IOException {
        KeyProvider key = keyFile("key", content.getBytes(UTF_8));

        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() -> key.wrap(dataKey))
                .withMessageContaining("openssl rand -hex 32")
                .matches(failure -> failure.reason() == KeyException.Reason.UNAVAILABLE);
    }

    @Test
    void unwrapsByAKeyInAKeyStore() throws IOException, GeneralSecurityException {
        Path store = keyStore();
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        Path wrong = Files.writeString(directory.resolve("wrong"), "hunter2");
        KeyProvider key = provider("pkcs12:" + store + "?alias=second&password-file=" + password);

        assertThat(key.unwrap(key.wrap(dataKey))).isEqualTo(dataKey);
        WrappedKey wrapped = key.wrap(dataKey);
        assertReason(
                KeyException.Reason.WRONG,
                provider("pkcs12:" + store + "?alias=first&password-file=" + password),
                wrapped);
        for (String other : List.of(
                "?alias=second&password-file=" + wrong,
                "?alias=third&password-file=" + password,
                "?password-file=" + password,
                "?password-file=" + directory.resolve("missing"))) {
            assertReason(KeyException.Reason.UNAVAILABLE, provider("pkcs12:" + store + other), wrapped);
        }
    }

    @Test
    void unwrapsByAServer() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), TransitServer.TOKEN);
        Path wrong = Files.writeString(directory.resolve("wrong"), "other");
        try (TransitServer server = new TransitServer()) {
            KeyProvider key = provider("vault:" + server.address("ingot") + "?token-file=" + token);
            WrappedKey wrapped = key.wrap(dataKey);

            assertThat(key.unwrap(wrapped)).isEqualTo(dataKey);
            assertThat(wrapped.keyId()).isEqualTo("transit/ingot");
            assertReason(
                    KeyException.Reason.WRONG,
                    provider("vault:" + server.address("other") + "?token-file=" + token),
                    wrapped);
            assertReason(
                    KeyException.Reason.UNAVAILABLE,
                    provider("vault:" + server.address("ingot") + "?token-file=" + wrong),
                    wrapped);
            assertReason(KeyException.Reason.WRONG, keyFile("key", bytes(2)), wrapped);
        }
    }

    @Test
    void namesAServerThatIsNotThere() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), TransitServer.TOKEN);
        String address;
        try (TransitServer server = new TransitServer()) {
            address = server.address("ingot");
        }

        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() ->
                        provider("vault:" + address + "?token-file=" + token).wrap(dataKey))
                .withMessageContaining("127.0.0.1 does not answer")
                .withMessageNotContaining(TransitServer.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://192.0.2.1:8200/transit/key", "https://vault:8200/key", "ftp://h/a/b", "nonsense"})
    void sendsATokenNowhereElse(String address) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), TransitServer.TOKEN);

        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() ->
                        provider("vault:" + address + "?token-file=" + token).wrap(dataKey))
                .withMessageContaining("must be like vault:https://HOST:8200/transit/KEY");
    }

    /** The library is SoftHSM's; CI installs it. */
    @Test
    void unwrapsByAKeyThatDoesNotLeaveItsToken() throws Exception {
        boolean required = System.getenv("INGOT_PKCS11_REQUIRED") != null;
        assumeTrue(required || Files.exists(TOKEN_LIBRARY), "there is no " + TOKEN_LIBRARY + " (Debian: softhsm2)");
        Path tokens = Files.createDirectory(directory.resolve("tokens"));
        Path configuration = Files.writeString(
                directory.resolve("softhsm2.conf"), "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        Path pin = Files.writeString(directory.resolve("pin"), "1234");
        Path token = Files.writeString(
                directory.resolve("token.cfg"),
                "name = ingot\nlibrary = " + TOKEN_LIBRARY + "\nslotListIndex = 0\n"
                        + "attributes(generate, CKO_SECRET_KEY, CKK_AES) = { CKA_SENSITIVE = true CKA_EXTRACTABLE = false "
                        + "CKA_TOKEN = true CKA_ENCRYPT = true CKA_DECRYPT = true }\n");
        run(
                configuration,
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "ingot",
                "--pin",
                "1234",
                "--so-pin",
                "0000");
        run(
                configuration,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TokenTrial.class.getName(),
                token.toString(),
                pin.toString());
    }

    private static void run(Path configuration, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file",
                "file:",
                "rsa:x",
                "file:/k?password=hunter2",
                "pkcs12:/k?alias=a&alias=b",
                "vault:h?alias=hunter2"
            })
    void refusesWhatNamesNoKey(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyName.parse(text))
                .withMessageNotContaining("hunter2");
    }

    @Test
    void namesAKeyAsItWasNamed() {
        String text = "pkcs12:/k.p12?alias=a&password-file=/p";

        assertThat(KeyName.parse(text)).hasToString(text);
        assertThat(KeyName.parse("file:k")).hasToString("file:" + Path.of("k").toAbsolutePath());
    }

    private static void assertReason(KeyException.Reason reason, KeyProvider key, WrappedKey wrapped) {
        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() -> key.unwrap(wrapped))
                .withMessageNotContaining(PASSWORD)
                .withMessageNotContaining("hunter2")
                .matches(failure -> failure.reason() == reason);
    }

    private static KeyProvider provider(String name) {
        return KeyName.parse(name).provider();
    }

    private KeyProvider keyFile(String name, byte[] content) throws IOException {
        return provider("file:" + Files.write(directory.resolve(name), content));
    }

    private Path keyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] password = PASSWORD.toCharArray();
        for (int i = 0; i < 2; i++) {
            SecretKey key = new SecretKeySpec(bytes(10 + i), "AES");
            store.setEntry(
                    i == 0 ? "first" : "second",
                    new KeyStore.SecretKeyEntry(key),
                    new KeyStore.PasswordProtection(password));
        }
        Path file = directory.resolve("keys.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        return file;
    }

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[Keys.BYTES];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
