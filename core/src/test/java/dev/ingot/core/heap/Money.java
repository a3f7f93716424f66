package dev.ingot.core.heap;

/** Carried by a codec. */
final class Money {
    private transient long cents;

    Money(long cents) {
        this.cents = cents;
    }

    long cents() {
        return cents;
    }

    void set(long value) {
        cents = value;
    }
}
