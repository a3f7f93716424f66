package dev.ingot.accelerator.backend;

/** The value of a device's attribute; typed, so that a scheduler can compare it. */
public sealed interface Attribute {
    /** True or false. */
    record Flag(boolean value) implements Attribute {}

    /** A number; its unit is part of the attribute's name. */
    record Amount(long value) implements Attribute {}

    /** A text. */
    record Text(String value) implements Attribute {}

    /** A true or false value. */
    static Attribute of(boolean value) {
        return new Flag(value);
    }

    /** A number. */
    static Attribute of(long value) {
        return new Amount(value);
    }

    /** A text. */
    static Attribute of(String value) {
        return new Text(value);
    }
}
