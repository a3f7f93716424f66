package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A private Ed25519 key, which vouches for images. Immutable; thread-safe. */
public final class SigningKey {
    private static final String FORM = "it must hold one Ed25519 private key, as PKCS#8 in PEM;"
            + " 'openssl genpkey -algorithm ed25519 -out FILE' makes one";
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private final Path file;
    private final PrivateKey key;
    private final TrustedKey counterpart;

    private SigningKey(Path file, PrivateKey key, TrustedKey counterpart) {
        this.file = file;
        this.key = key;
        this.counterpart = counterpart;
    }

    /**
     * Reads a key.
     *
     * @throws KeyException if it cannot be read, others can read or change it, or it is no such key
     */
    public static SigningKey read(Path file) throws KeyException {
        try {
            requirePrivate(file);
            return of(file, Pem.read(file));
        } catch (IOException unreadable) {
            throw unreadable instanceof KeyException known
                    ? known
                    : KeyException.unavailable(
                            file.toString(), "the file cannot be read (" + unreadable + ")", unreadable);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException elsewhere) {
            return;
        }
        if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
            throw new KeyException(
                    KeyException.Reason.UNAVAILABLE,
                    "cannot use key " + file
                            + ": others can read or change the file, so it vouches for nothing; 'chmod 400 " + file
                            + "', and make a new key if they may have read it");
        }
    }

    private static SigningKey of(Path file, String text) throws KeyException {
        try {
            List<byte[]> blocks = Pem.blocks(text, "PRIVATE KEY");
            if (blocks.size() != 1) {
                throw unfit(file, new KeyException(KeyException.Reason.WRONG, "it has " + blocks.size() + " keys"));
            }
            PrivateKey key = KeyFactory.getInstance(Signatures.ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0)));
            return new SigningKey(file, key, counterpart(file, key));
        } catch (NoSuchAlgorithmException absent) {
            throw KeyException.unavailable(
                    file.toString(), "this JVM has no Ed25519, which is in its module jdk.crypto.ec", absent);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            throw unfit(file, malformed);
        }
    }

    private static KeyException unfit(Path file, Exception cause) {
        return KeyException.unavailable(file.toString(), FORM, cause);
    }

    /**
     * The public key of a private one. The JDK makes it only together with a new private key, of 32 random bytes; here these are those of
     * the key that there is. That both belong together is tried then.
     */
    private static TrustedKey counterpart(Path file, PrivateKey key) throws GeneralSecurityException {
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
        KeyPairGenerator generator = KeyPairGenerator.getInstance(Signatures.ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
        PublicKey counterpart = generator.generateKeyPair().getPublic();
        TrustedKey trusted = TrustedKey.of(file, counterpart);
        byte[] anything = {1, 2, 3};
        if (!trusted.hasSigned(anything, anything.length, Signatures.sign(key, anything, anything.length))) {
            throw new GeneralSecurityException("this JVM makes another public key than that of the private one");
        }
        return trusted;
    }

    /** Gives the bytes it was given. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Given(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }

    /** The file that it was read from. */
    public Path file() {
        return file;
    }

    /** That of its public key. */
    public String fingerprint() {
        return counterpart.fingerprint();
    }

    /** The public key, by which others see that this one has signed. */
    public TrustedKey counterpart() {
        return counterpart;
    }

    /** The signature of the first {@code length} bytes. */
    public byte[] sign(byte[] bytes, int length) {
        try {
            return Signatures.sign(key, bytes, length);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a key that has signed before does so no more", impossible);
        }
    }

    /** Nothing of the key itself. */
    @Override
    public String toString() {
        return file.toString();
    }
}
