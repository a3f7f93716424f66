package dev.ingot.agent.options;

import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKeys;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where images are kept.
 *
 * @param directory absolute; need not exist yet
 * @param name the program's name among the images, or {@code null} where it is to be derived from the program
 * @param buffer how many bytes of an image may wait in memory to be written, or {@code null} for what the machine can spare
 * @param incremental whether images may say only what changed since the one before
 * @param offload whether a process of its own compresses and seals
 * @param key with which images are sealed, or {@code null} where they lie in the clear
 * @param sign signs images, or {@code null} where nobody does
 * @param trusted one of which has to have signed an image that is resumed, or {@code null} where nobody has to
 */
public record ImageOptions(
        Path directory,
        @Nullable String name,
        @Nullable Long buffer,
        boolean incremental,
        boolean offload,
        @Nullable KeyName key,
        @Nullable SigningKey sign,
        @Nullable TrustedKeys trusted) {

    static ImageOptions read(OptionReader reader) {
        return new ImageOptions(
                reader.path(OptionKey.IMAGES),
                reader.name(OptionKey.NAME),
                reader.optionalSize(OptionKey.BUFFER),
                isIncremental(reader),
                reader.toggle(OptionKey.OFFLOAD),
                reader.optionalKey(OptionKey.KEY),
                reader.optionalSigningKey(OptionKey.SIGN),
                reader.optionalTrustedKeys(OptionKey.TRUSTED));
    }

    private static boolean isIncremental(OptionReader reader) {
        return switch (reader.choice(OptionKey.INCREMENTAL, IncrementalPolicy.values())) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> !reader.isOff(OptionKey.EVERY);
        };
    }

    /** How images are sealed, opened, signed and believed. */
    public ImageKeys keys() {
        ImageKeys seal = key == null ? ImageKeys.NONE : ImageKeys.sealedOnly(key.provider());
        return seal.signing(sign).trusting(trusted);
    }
}
