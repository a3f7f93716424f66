package dev.ingot.cli;

import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.TrustedKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --key KEY} and {@code --trusted PATH}, for commands that open images. */
final class KeysOption {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:INGOT_KEY}",
            converter = KeyNameConverter.class,
            description = "The key of sealed images: " + KeyName.FORM + " (default: INGOT_KEY).")
    private @Nullable KeyName key;

    @Option(
            names = "--trusted",
            paramLabel = "PATH",
            defaultValue = "${env:INGOT_TRUSTED}",
            converter = TrustedKeysConverter.class,
            description =
                    "Takes only images that were signed by one of the public keys in this file, or in the files *.pem of"
                            + " this directory (default: INGOT_TRUSTED).")
    private @Nullable TrustedKeys trusted;

    /** The key as an option of the agent; null where none is given. */
    @Nullable String key() {
        return key == null ? null : key.toString();
    }

    /** Whose signatures are believed; null where images need none. */
    @Nullable TrustedKeys trusted() {
        return trusted;
    }

    /** For looking at images: sealed or not. */
    ImageKeys either() {
        ImageKeys seal = key == null ? ImageKeys.NONE : ImageKeys.either(key.provider());
        return seal.trusting(trusted);
    }

    /** For running what images say: with a key, only sealed ones are taken. */
    ImageKeys sealedOnly() {
        ImageKeys seal = key == null ? ImageKeys.NONE : ImageKeys.sealedOnly(key.provider());
        return seal.trusting(trusted);
    }
}
