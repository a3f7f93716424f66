package dev.ingot.scheduler.control;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;

/** How servers of a pool speak TLS, in whatever protocol. */
public final class ServerTls {
    private ServerTls() {}

    /**
     * What a server's connections are made by, for a protocol to add what it needs.
     *
     * @throws IOException if certificate and key cannot be used
     */
    public static SslContextBuilder builder(Listen listen) throws IOException {
        Path certificate = listen.certificate();
        Path key = listen.key();
        if (certificate == null || key == null) {
            throw new IllegalStateException("no certificate");
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            Path authorities = listen.clientAuthorities();
            // Who has none may still have a token; one that is shown must be good.
            return authorities == null
                    ? builder
                    : builder.trustManager(authorities.toFile()).clientAuth(ClientAuth.OPTIONAL);
        } catch (IllegalArgumentException unusable) {
            throw new IOException("cannot use certificate and key: " + unusable.getMessage(), unusable);
        }
    }
}
