package dev.ingot.scheduler.control;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the API is served beside the pool's socket.
 *
 * @param certificate chain of this server, PEM; null for no TLS, which is possible on the loopback interface alone
 * @param key of the certificate, PEM; null without a certificate
 * @param clientAuthorities who may certify clients, PEM; null if clients have tokens alone
 */
public record Listen(
        InetSocketAddress address,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path clientAuthorities) {
    public Listen {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
        }
        if (clientAuthorities != null && certificate == null) {
            throw new IllegalArgumentException("clients can show certificates only where the server has one");
        }
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("there is no address " + address.getHostString());
        }
        if (certificate == null && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "without a certificate tokens would be readable on the network: listen on"
                            + " 127.0.0.1, or give a certificate and its key");
        }
    }

    /** Whether whoever comes must speak TLS. */
    public boolean isEncrypted() {
        return certificate != null;
    }

    /**
     * Where that is.
     *
     * @param port that was found free, where any will do
     */
    public URI uri(String scheme, int port) {
        String host = address.getAddress().getHostAddress();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}
