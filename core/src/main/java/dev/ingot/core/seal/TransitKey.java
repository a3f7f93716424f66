package dev.ingot.core.seal;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key that stays in a server with HashiCorp Vault's transit API. The location is the server's address followed by the path where
 * the engine is mounted and the key's name: {@code https://vault:8200/transit/ingot}.
 *
 * <p>By {@link HttpURLConnection}, because it has no threads of its own that a checkpoint of the program would meet.
 */
final class TransitKey implements KeyProvider {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;
    private static final int MAX_ANSWER_BYTES = 1 << 16;

    private final KeyName name;

    TransitKey(KeyName name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name.toString();
    }

    @Override
    public WrappedKey wrap(byte[] dataKey) throws KeyException {
        String plaintext = Base64.getEncoder().encodeToString(dataKey);
        return new WrappedKey(name.kind(), keyPath(), ask("encrypt", "plaintext", plaintext, "ciphertext"));
    }

    @Override
    public byte[] unwrap(WrappedKey wrapped) throws KeyException {
        if (!wrapped.provider().equals(name.kind())) {
            throw new KeyException(
                    KeyException.Reason.WRONG,
                    "it is sealed with key " + wrapped.keyId() + " of a provider '" + wrapped.provider()
                            + "', not with " + name + "; name the key it is sealed with");
        }
        try {
            return Base64.getDecoder().decode(ask("decrypt", "ciphertext", wrapped.text(), "plaintext"));
        } catch (IllegalArgumentException malformed) {
            throw KeyException.unavailable(name(), "the server's answer is not Base64", malformed);
        }
    }

    private String keyPath() throws KeyException {
        String path = address().getPath();
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private URI address() throws KeyException {
        try {
            URI address = URI.create(name.location());
            String path = address.getPath();
            boolean complete = address.getHost() != null && path != null && path.lastIndexOf('/') > 0;
            boolean safe = "https".equals(address.getScheme())
                    || ("http".equals(address.getScheme()) && complete && isLoopback(address.getHost()));
            if (complete && safe) {
                return address;
            }
        } catch (IllegalArgumentException | IOException malformed) {
            throw KeyException.unavailable(name(), "its address cannot be used: " + malformed.getMessage(), malformed);
        }
        throw new KeyException(
                KeyException.Reason.UNAVAILABLE,
                "cannot use key " + name
                        + ": it must be like vault:https://HOST:8200/transit/KEY; http is for this host alone");
    }

    private static boolean isLoopback(String host) throws IOException {
        return InetAddress.getByName(host).isLoopbackAddress();
    }

    private URI endpoint(String operation) throws KeyException {
        URI address = address();
        String path = address.getPath();
        int last = path.lastIndexOf('/');
        return address.resolve("/v1" + path.substring(0, last) + '/' + operation + path.substring(last));
    }

    private String ask(String operation, String given, String value, String wanted) throws KeyException {
        String token = SecretText.read(name(), name.parameter("token-file"), "VAULT_TOKEN", "token");
        URI endpoint = endpoint(operation);
        try {
            HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
            try {
                return ask(
                        connection,
                        token,
                        JsonWriter.compact().member(given, value).finish(),
                        wanted);
            } finally {
                connection.disconnect();
            }
        } catch (KeyException known) {
            throw known;
        } catch (IOException failure) {
            throw KeyException.unavailable(name(), endpoint.getHost() + " does not answer (" + failure + ")", failure);
        }
    }

    private String ask(HttpURLConnection connection, String token, String body, String wanted) throws IOException {
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        // The token is for this server alone.
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("X-Vault-Token", token);
        connection.setRequestProperty("X-Vault-Request", "true");
        @Nullable String namespace = name.parameter("namespace");
        if (namespace != null) {
            connection.setRequestProperty("X-Vault-Namespace", namespace);
        }
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            throw refused(status);
        }
        try (InputStream in = connection.getInputStream()) {
            byte[] answer = in.readNBytes(MAX_ANSWER_BYTES);
            return JsonObject.parse(new String(answer, StandardCharsets.UTF_8))
                    .object("data")
                    .string(wanted);
        } catch (JsonException malformed) {
            throw KeyException.unavailable(name(), "the server's answer is not one of the transit API", malformed);
        }
    }

    // A server that says 400 has a key of this name, and it does not fit. The body is not shown: it may repeat what was
    // sent.
    private KeyException refused(int status) {
        boolean fits = status != HttpURLConnection.HTTP_BAD_REQUEST;
        return new KeyException(
                fits ? KeyException.Reason.UNAVAILABLE : KeyException.Reason.WRONG,
                "cannot use key " + name + ": the server answers " + status
                        + (fits
                                ? "; check the token, its policy and the name of the key"
                                : ", so it is not the key that the image is sealed with, or the image was changed"));
    }
}
