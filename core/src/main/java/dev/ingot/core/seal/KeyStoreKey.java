package dev.ingot.core.seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * An AES key in a PKCS#12 file, or in a PKCS#11 token, which it need not leave. The location of a token is a configuration file
 * of the SunPKCS11 provider.
 */
final class KeyStoreKey extends HeldKey {
    private static final String PASSWORD_VARIABLE = "INGOT_KEY_PASSWORD";

    KeyStoreKey(KeyName name) {
        super(name);
    }

    @Override
    KeyWrap key(KeyName name) throws KeyException {
        char[] password = SecretText.read(name(), name.parameter("password-file"), PASSWORD_VARIABLE, "password")
                .toCharArray();
        try {
            Provider token = name.kind().equals("pkcs11") ? token(name) : null;
            KeyStore store = token == null ? file(name, password) : inToken(token, password);
            String alias = alias(name, store);
            Key key = store.getKey(alias, password);
            if (!(key instanceof SecretKey secret) || !"AES".equals(key.getAlgorithm())) {
                throw new KeyException(
                        KeyException.Reason.UNAVAILABLE,
                        "cannot use key " + name + ": '" + alias
                                + "' is not an AES key; 'keytool -genseckey -keyalg AES"
                                + " -keysize 256 -storetype PKCS12' makes one");
            }
            byte[] encoded = key.getEncoded();
            return new KeyWrap(name, secret, encoded == null ? alias : Keys.id(encoded), token);
        } catch (GeneralSecurityException | IOException failure) {
            if (failure instanceof KeyException known) {
                throw known;
            }
            throw KeyException.unavailable(
                    name(), "the key store cannot be opened (" + failure.getMessage() + ")", failure);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static KeyStore file(KeyName name, char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(name.location()))) {
            store.load(in, password);
        }
        return store;
    }

    private static KeyStore inToken(Provider token, char[] pin) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS11", token);
        store.load(null, pin);
        return store;
    }

    private static Provider token(KeyName name) throws KeyException {
        Provider provider = Security.getProvider("SunPKCS11");
        if (provider == null) {
            throw new KeyException(
                    KeyException.Reason.UNAVAILABLE,
                    "cannot use key " + name + ": this JDK has no SunPKCS11 provider (module jdk.crypto.cryptoki)");
        }
        return provider.configure(name.location());
    }

    private static String alias(KeyName name, KeyStore store) throws GeneralSecurityException, KeyException {
        @Nullable String alias = name.parameter("alias");
        List<String> there = Collections.list(store.aliases());
        if (alias == null && there.size() == 1) {
            return there.get(0);
        }
        if (alias == null || !store.containsAlias(alias)) {
            throw new KeyException(
                    KeyException.Reason.UNAVAILABLE,
                    "cannot use key " + name + ": the key store has "
                            + (alias == null ? there.size() + " keys" : "no key '" + alias + "'")
                            + "; name one with 'alias=NAME' behind a '?'");
        }
        return alias;
    }
}
