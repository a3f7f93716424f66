package dev.ingot.node;

import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;

/**
 * A key and a certificate that a node makes at its start and shows to other nodes. No authority signs it: the pool, which knows the node,
 * tells them its hash.
 */
record NodeCertificate(PrivateKey key, X509Certificate certificate) {
    private static final String ALIAS = "node";
    private static final String PASSWORD = "INGOT_NODE_STORE_PASSWORD";

    /**
     * Makes one, by the JDK's keytool, since the JDK's own classes that could do so are not for others.
     *
     * @param directory its owner's alone
     * @throws IOException if there is no keytool, or it fails
     */
    static NodeCertificate create(Path directory) throws IOException {
        PoolDirectory.createOwned(directory);
        Path store = directory.resolve("node.p12");
        String password = UUID.randomUUID().toString();
        Files.deleteIfExists(store);
        try {
            generate(store, password);
            return read(store, password);
        } catch (GeneralSecurityException unusable) {
            throw new IOException("cannot use the certificate that keytool made: " + unusable.getMessage(), unusable);
        } finally {
            Files.deleteIfExists(store);
        }
    }

    private static void generate(Path store, String password) throws IOException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                keytool.toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                ALIAS,
                "-dname",
                "CN=ingot-node",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-storepass:env",
                PASSWORD,
                "-keystore",
                store.toString()));
        // Not an argument, which everybody on the machine could read.
        builder.environment().put(PASSWORD, password);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("cannot make a certificate: " + keytool + " says: " + output.strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a certificate was made", interrupted);
        }
    }

    private static NodeCertificate read(Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        return new NodeCertificate(
                (PrivateKey) keys.getKey(ALIAS, password.toCharArray()), (X509Certificate) keys.getCertificate(ALIAS));
    }

    /** By which it is known, in hexadecimal. */
    String hash() throws IOException {
        return hash(certificate);
    }

    static String hash(X509Certificate certificate) throws IOException {
        try {
            return ContentHash.of(certificate.getEncoded());
        } catch (GeneralSecurityException malformed) {
            throw new IOException(malformed);
        }
    }
}
