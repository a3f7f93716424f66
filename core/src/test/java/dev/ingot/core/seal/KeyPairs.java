package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/** Files of Ed25519 keys to test with. */
public final class KeyPairs {
    private static final String PKCS8 = "302e020100300506032b657004220420";

    private KeyPairs() {}

    /** A private key made of {@code seed}, in the file {@code NAME.key}. */
    public static SigningKey signing(Path directory, String name, long seed) throws IOException {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return SigningKey.read(
                write(directory.resolve(name + ".key"), HexFormat.of().formatHex(bytes)));
    }

    /** Writes a private key of 32 bytes, in hexadecimal, as OpenSSL does. */
    static Path write(Path file, String seed) throws IOException {
        Files.writeString(file, pem("PRIVATE KEY", HexFormat.of().parseHex(PKCS8 + seed)));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Writes the public key of {@code key} into the file {@code NAME.pem}. */
    public static Path trust(Path directory, String name, SigningKey key) throws IOException {
        return Files.writeString(
                Files.createDirectories(directory).resolve(name + ".pem"),
                pem("PUBLIC KEY", key.counterpart().key().getEncoded()));
    }

    static String pem(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
