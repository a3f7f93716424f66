package dev.ingot.scheduler.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

/**
 * How often each client may ask: a bucket of tokens for each, which fills at a steady rate (token bucket). Time comes in as an
 * argument. Thread-safe.
 */
public final class RequestLimit {
    private static final int MOST_CLIENTS = 4096;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    /** By who asked last: whoever has not asked for longest is forgotten, which gives it a full bucket and so is no loss. */
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Entry<String, Bucket> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    /** @param burst how many may be asked at once */
    public RequestLimit(double perSecond, double burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** Takes one token of a client. Whether there was one. */
    public synchronized boolean admits(String client, long nowNanos) {
        Bucket bucket = buckets.computeIfAbsent(client, unknown -> new Bucket(burst, nowNanos));
        bucket.tokens = Math.min(burst, bucket.tokens + (nowNanos - bucket.filledAt) / NANOS * perSecond);
        bucket.filledAt = nowNanos;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    private static final class Bucket {
        double tokens;
        long filledAt;

        Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }
}
