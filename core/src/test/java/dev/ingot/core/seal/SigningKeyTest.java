package dev.ingot.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that sign, and those that are believed, are read from files as OpenSSL writes them, and nothing else is taken for one. */
class SigningKeyTest {
    private static final String X509 = "302a300506032b6570032100";

    @TempDir
    Path directory;

    /** Tests 1 to 3 of RFC 8032, section 7.1. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    })
    void hasThePublicKeyOfItsPrivateOne(String seed, String counterpart) throws IOException {
        SigningKey key = SigningKey.read(KeyPairs.write(directory.resolve("key"), seed));

        assertThat(HexFormat.of().formatHex(key.counterpart().key().getEncoded()))
                .isEqualTo(X509 + counterpart);
    }

    @Test
    void signsWhatOnlyItsPublicKeyTakes() throws IOException {
        SigningKey key = KeyPairs.signing(directory, "a", 1);
        SigningKey other = KeyPairs.signing(directory, "b", 2);
        byte[] text = "a manifest".getBytes(StandardCharsets.UTF_8);
        byte[] signature = key.sign(text, text.length);

        assertThat(key.counterpart().hasSigned(text, text.length, signature)).isTrue();
        assertThat(key.counterpart().hasSigned(text, text.length - 1, signature))
                .isFalse();
        assertThat(other.counterpart().hasSigned(text, text.length, signature)).isFalse();
        assertThat(key.counterpart().hasSigned(text, text.length, new byte[64])).isFalse();
        assertThat(key.counterpart().hasSigned(text, text.length, new byte[3])).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw----r--", "rw-----w-", "rw--w----"})
    void isNotTakenFromAFileThatOthersCanReadOrChange(String permissions) throws IOException {
        Path file = KeyPairs.signing(directory, "a", 1).file();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() -> SigningKey.read(file))
                .withMessageContaining("others can read or change the file")
                .withMessageContaining("chmod 400 " + file);
    }

    @Test
    void isNothingElse() throws IOException, GeneralSecurityException {
        byte[] rsa = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        byte[] x25519 = KeyPairGenerator.getInstance("X25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String one = Files.readString(KeyPairs.signing(directory, "a", 1).file());
        Path counterpart = KeyPairs.trust(directory, "a", KeyPairs.signing(directory, "a", 1));
        for (String text : new String[] {
            "",
            "x".repeat(100),
            one + one,
            one.replace("MC4CAQ", "MC4*AQ"),
            one.substring(0, 60),
            Files.readString(counterpart),
            KeyPairs.pem("PRIVATE KEY", rsa),
            KeyPairs.pem("PRIVATE KEY", x25519)
        }) {
            Path file = Files.writeString(directory.resolve("a.key"), text);
            assertThatExceptionOfType(KeyException.class)
                    .as(text)
                    .isThrownBy(() -> SigningKey.read(file))
                    .withMessageContaining(file.toString())
                    .withMessageContaining("openssl genpkey -algorithm ed25519");
        }
        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() -> SigningKey.read(directory.resolve("none")))
                .withMessageContaining("cannot be read");
    }

    @Test
    void isBelievedByAFileOrADirectoryOfPublicKeys() throws IOException {
        SigningKey a = KeyPairs.signing(directory, "a", 1);
        SigningKey b = KeyPairs.signing(directory, "b", 2);
        SigningKey c = KeyPairs.signing(directory, "c", 3);
        Path place = directory.resolve("trusted");
        Path ofA = KeyPairs.trust(place, "a", a);
        Path ofB = KeyPairs.trust(place, "b", b);
        Files.writeString(place.resolve("README"), "whom we trust");
        Path both = Files.writeString(directory.resolve("both"), Files.readString(ofA) + Files.readString(ofB));

        for (Path each : new Path[] {place, both}) {
            TrustedKeys trusted = TrustedKeys.read(each);
            assertThat(trusted.find(a.fingerprint())).isNotNull();
            assertThat(trusted.find(b.fingerprint())).isNotNull();
            assertThat(trusted.find(c.fingerprint())).isNull();
        }
        assertThat(TrustedKeys.read(place).find(b.fingerprint()))
                .matches(key -> key.file().equals(ofB));
        assertThat(TrustedKeys.read(ofA).find(b.fingerprint())).isNull();
    }

    @Test
    void isNotBelievedWithoutAny() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path wrong = Files.createDirectory(directory.resolve("wrong"));
        Path own = KeyPairs.signing(directory, "a", 1).file();
        Files.writeString(wrong.resolve("a.pem"), Files.readString(own));
        for (Path place : new Path[] {empty, wrong, own, directory.resolve("none")}) {
            assertThatExceptionOfType(KeyException.class)
                    .as(place.toString())
                    .isThrownBy(() -> TrustedKeys.read(place))
                    .withMessageContaining(place.toString());
        }
    }
}
