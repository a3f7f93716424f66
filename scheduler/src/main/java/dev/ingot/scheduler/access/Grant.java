package dev.ingot.scheduler.access;

import dev.ingot.core.image.ImageName;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.wire.TenantName;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An identity and how it is proved.
 *
 * @param tokenHash of the bearer token, see {@link Token#hash}; null if there is none
 * @param certificate the subject of its client certificate, as RFC 2253 writes it; null if there is none
 */
public record Grant(
        Identity identity,
        @Nullable String tokenHash,
        @Nullable String certificate) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public Grant {
        ImageName.require(identity.name());
        if (identity.tenant() != null) {
            TenantName.require(identity.tenant());
        }
        if ((tokenHash == null) == (certificate == null)) {
            throw new IllegalArgumentException(identity.name() + " needs either a token or a certificate");
        }
        if (tokenHash != null && !HASH.matcher(tokenHash).matches()) {
            throw new IllegalArgumentException(
                    "the tokenHash of " + identity.name() + " is not a SHA-256 in hexadecimal");
        }
    }

    void write(JsonWriter json) {
        json.member("name", identity.name())
                .member("role", identity.role().name().toLowerCase(Locale.ROOT))
                .member("tenant", identity.tenant())
                .member("tokenHash", tokenHash)
                .member("certificate", certificate);
    }

    static Grant read(JsonObject json) throws JsonException {
        String role = json.string("role");
        for (Role candidate : Role.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(role)) {
                Identity identity = new Identity(
                        json.string("name"),
                        candidate,
                        json.optionalString("tenant").orElse(null));
                return new Grant(
                        identity,
                        json.optionalString("tokenHash").orElse(null),
                        json.optionalString("certificate").orElse(null));
            }
        }
        throw new JsonException("there is no role '" + role + "'");
    }
}
