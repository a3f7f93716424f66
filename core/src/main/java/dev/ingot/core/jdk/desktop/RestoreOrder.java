package dev.ingot.core.jdk.desktop;

/** The order in which this package's codecs restore, after all that the objects hold. */
final class RestoreOrder {
    /** Over fonts. */
    static final int MEASURES = 1_000;
    /** Over images, fonts and whatever the program paints with. */
    static final int GRAPHICS = 2_000_000;

    private RestoreOrder() {}
}
