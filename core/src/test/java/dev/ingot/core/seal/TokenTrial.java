package dev.ingot.core.seal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/** Makes a key in a token, wraps with it and unwraps. In a JVM of its own: a token's library is set up by the environment. */
final class TokenTrial {
    private static final int BITS = 256;

    private TokenTrial() {}

    public static void main(String[] arguments) throws Exception {
        Provider token = Security.getProvider("SunPKCS11").configure(arguments[0]);
        char[] pin = Files.readString(Path.of(arguments[1])).toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS11", token);
        store.load(null, pin);
        KeyGenerator generator = KeyGenerator.getInstance("AES", token);
        generator.init(BITS);
        SecretKey key = generator.generateKey();
        store.setEntry("ingot", new KeyStore.SecretKeyEntry(key), null);
        if (key.getEncoded() != null) {
            throw new IllegalStateException("the key of this token can leave it, so this shows nothing");
        }

        KeyProvider provider = KeyName.parse("pkcs11:" + arguments[0] + "?alias=ingot&password-file=" + arguments[1])
                .provider();
        byte[] dataKey = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        WrappedKey wrapped = provider.wrap(dataKey);
        if (!Arrays.equals(dataKey, provider.unwrap(wrapped))) {
            throw new IllegalStateException("the token unwraps something else");
        }
    }
}
