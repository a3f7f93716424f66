package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The public keys whose signatures are believed, from a file or a directory. Immutable; thread-safe. */
public final class TrustedKeys {
    private static final String FORM = "it must hold Ed25519 public keys, as X.509 in PEM;"
            + " 'openssl pkey -in PRIVATE -pubout -out FILE' writes that of a private key";
    private static final String SUFFIX = ".pem";

    private final Path place;
    private final List<TrustedKey> keys;

    private TrustedKeys(Path place, List<TrustedKey> keys) {
        this.place = place;
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads all keys of a file, or of the files of a directory that are called {@code ….pem}.
     *
     * @throws KeyException if there are none, or what is there cannot be read or is something else
     */
    public static TrustedKeys read(Path place) throws KeyException {
        try {
            List<TrustedKey> keys = new ArrayList<>();
            for (Path file : files(place)) {
                keys.addAll(keys(file, Pem.read(file)));
            }
            if (keys.isEmpty()) {
                throw new KeyException(
                        KeyException.Reason.UNAVAILABLE,
                        "cannot use the keys in " + place + ": there is no file *" + SUFFIX
                                + " in it, so nobody would be trusted");
            }
            return new TrustedKeys(place, keys);
        } catch (IOException unreadable) {
            throw unreadable instanceof KeyException known
                    ? known
                    : KeyException.unavailable(place.toString(), "it cannot be read (" + unreadable + ")", unreadable);
        }
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place, "*" + SUFFIX)) {
            entries.forEach(files::add);
        }
        Collections.sort(files);
        return files;
    }

    private static List<TrustedKey> keys(Path file, String text) throws KeyException {
        List<TrustedKey> keys = new ArrayList<>();
        try {
            KeyFactory factory = KeyFactory.getInstance(Signatures.ALGORITHM);
            for (byte[] block : Pem.blocks(text, "PUBLIC KEY")) {
                keys.add(TrustedKey.of(file, factory.generatePublic(new X509EncodedKeySpec(block))));
            }
        } catch (NoSuchAlgorithmException absent) {
            throw KeyException.unavailable(
                    file.toString(), "this JVM has no Ed25519, which is in its module jdk.crypto.ec", absent);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            throw KeyException.unavailable(file.toString(), FORM, malformed);
        }
        if (keys.isEmpty()) {
            throw new KeyException(KeyException.Reason.UNAVAILABLE, "cannot use key " + file + ": " + FORM);
        }
        return keys;
    }

    /** The key of a fingerprint; null if it is none of these. */
    public @Nullable TrustedKey find(String fingerprint) {
        for (TrustedKey key : keys) {
            if (key.fingerprint().equals(fingerprint)) {
                return key;
            }
        }
        return null;
    }

    /** The file or directory that they were read from. */
    public Path place() {
        return place;
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
