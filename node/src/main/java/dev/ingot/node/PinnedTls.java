package dev.ingot.node;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts the one certificate whose hash it was told, whatever name and dates it has: the hash says more than these. */
final class PinnedTls extends X509ExtendedTrustManager {
    private final String hash;

    private PinnedTls(String hash) {
        this.hash = hash;
    }

    /** @param hash the SHA-256 of the certificate, in hexadecimal */
    static SSLContext context(String hash) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new PinnedTls(hash)}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has TLS 1.3, this one does not", impossible);
        }
    }

    private void require(X509Certificate[] chain) throws CertificateException {
        try {
            if (chain.length == 0 || !NodeCertificate.hash(chain[0]).equals(hash)) {
                throw new CertificateException("another certificate is shown there than the pool knows");
            }
        } catch (IOException malformed) {
            throw new CertificateException(malformed);
        }
    }

    private static void refuseClients() throws CertificateException {
        throw new CertificateException("no client is asked for a certificate");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        require(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        require(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        require(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        refuseClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        refuseClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        refuseClients();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
