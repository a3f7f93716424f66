package dev.ingot.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a command trusts, and what it shows to prove who it is. */
final class Trust {
    private static final String PASSWORD_VARIABLE = "INGOT_KEYSTORE_PASSWORD";
    private static final String KIND = "PKCS12";

    private Trust() {}

    /**
     * What TLS is to be done with; null for what Java has.
     *
     * @param authorities certificates, PEM; null for those that Java trusts
     * @param own a key store; null to show nothing
     * @throws IOException if one of them cannot be used
     */
    static @Nullable SSLContext context(@Nullable Path authorities, @Nullable Path own) throws IOException {
        if (authorities == null && own == null) {
            return null;
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities == null ? null : trusted(authorities));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            String variable = System.getenv(PASSWORD_VARIABLE);
            char[] password = variable == null ? new char[0] : variable.toCharArray();
            keys.init(own == null ? null : keyStore(own, password), password);
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
    }

    private static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KIND);
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority" + number++, certificate);
            }
        }
        return store;
    }

    private static KeyStore keyStore(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KIND);
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }
}
