package dev.ingot.core.heap;

/** Looked up by a resolver. */
final class Currency {
    private final String code;

    Currency(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
