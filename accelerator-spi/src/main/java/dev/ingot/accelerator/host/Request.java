package dev.ingot.accelerator.host;

import java.io.IOException;
import java.time.Duration;

/** What a program asks of a device host. */
enum Request {
    /** Which devices there are, and why not more. */
    DISCOVER('?'),
    /** Open a device; once in a host. What it needs may have to be built first. */
    OPEN('o', Duration.ofMinutes(10)),
    /** Go over to another device with all there is. */
    MOVE('m'),
    /** Share a file as memory, under a number. */
    SHARE('s'),
    /** Forget the memory of a number. */
    FREE('f'),
    /** Remember an operation; they are numbered from 0. */
    DEFINE('d'),
    /** Compute items of an operation. */
    COMPUTE('c'),
    /** Give the device's own memory back. */
    EVICT('e');

    private final char code;
    private final Duration limit;

    Request(char code) {
        this(code, Duration.ofSeconds(60));
    }

    Request(char code, Duration limit) {
        this.code = code;
        this.limit = limit;
    }

    /** How long it may take, where that is known beforehand. */
    Duration limit() {
        return limit;
    }

    /** The byte that stands for it. */
    char code() {
        return code;
    }

    static Request of(char code) throws IOException {
        for (Request request : values()) {
            if (request.code == code) {
                return request;
            }
        }
        throw new IOException("there is no request " + code);
    }
}
