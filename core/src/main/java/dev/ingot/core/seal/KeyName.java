package dev.ingot.core.seal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says which key is meant, as in {@code pkcs12:/etc/keys.p12?alias=ingot&password-file=/etc/keys.password}. Holds no secret, only
 * where secrets lie.
 *
 * @param kind {@code file}, {@code pkcs12}, {@code pkcs11} or {@code vault}
 * @param location a path, or the address of a server
 */
public record KeyName(String kind, String location, Map<String, String> parameters) {
    /** The forms, for messages and documentation. */
    public static final String FORM = "file:PATH|pkcs12:PATH|pkcs11:PATH|vault:URL";

    private static final String ALIAS = "alias";
    private static final String PASSWORD_FILE = "password-file";
    private static final Map<String, Set<String>> KINDS = Map.of(
            "file", Set.of(),
            "pkcs12", Set.of(ALIAS, PASSWORD_FILE),
            "pkcs11", Set.of(ALIAS, PASSWORD_FILE),
            "vault", Set.of("token-file", "namespace"));

    public KeyName {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Parses a name; a relative path counts from the working directory.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    public static KeyName parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        Set<String> allowed = KINDS.get(kind);
        if (allowed == null) {
            throw new IllegalArgumentException("must be " + FORM);
        }
        int query = text.indexOf('?', colon);
        String location = text.substring(colon + 1, query < 0 ? text.length() : query);
        if (location.isEmpty()) {
            throw new IllegalArgumentException("says nothing after '" + kind + ":'");
        }
        Map<String, String> parameters = query < 0 ? Map.of() : parameters(text.substring(query + 1), allowed);
        return new KeyName(kind, kind.equals("vault") ? location : absolute(location), parameters);
    }

    private static String absolute(String path) {
        try {
            return Path.of(path).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException malformed) {
            throw new IllegalArgumentException("'" + path + "' is not a path here", malformed);
        }
    }

    private static Map<String, String> parameters(String query, Set<String> allowed) {
        Map<String, String> result = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!allowed.contains(name) || equals < 0 || result.put(name, pair.substring(equals + 1)) != null) {
                // Not the value: somebody may have written a password there.
                throw new IllegalArgumentException(
                        "parameter '" + name + "' is not known here, has no value or stands twice; allowed are "
                                + String.join(", ", allowed.stream().sorted().toList()));
            }
        }
        return result;
    }

    @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    /** The provider of this key. Touches neither the key nor a server yet. */
    public KeyProvider provider() {
        return switch (kind) {
            case "file" -> new KeyFile(this);
            case "vault" -> new TransitKey(this);
            default -> new KeyStoreKey(this);
        };
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind).append(':').append(location);
        char separator = '?';
        for (Map.Entry<String, String> parameter : new TreeMap<>(parameters).entrySet()) {
            text.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = '&';
        }
        return text.toString();
    }
}
