package dev.ingot.scheduler.control;

import java.nio.charset.StandardCharsets;

/** What came with a request. Not changed by anybody. */
final class Content {
    private final byte[] bytes;

    Content(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
