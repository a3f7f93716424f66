package dev.ingot.scheduler.etcd;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks the members of an etcd cluster, by turns until one answers. What is asked must not be harmed by being done twice: an answer that is
 * lost is asked for again. Thread-safe.
 */
public final class EtcdClient {
    private static final Duration ATTEMPT = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 50;
    private static final int OK = 200;

    private final List<URI> members;
    private final HttpClient client;
    private volatile int current;

    /**
     * @param members their addresses for clients, at least one
     * @param tls whom to trust, and what to show; null for what the JVM has
     */
    public EtcdClient(List<URI> members, @Nullable SSLContext tls) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("etcd needs the address of at least one member");
        }
        this.members = List.copyOf(members);
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ATTEMPT);
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /** A key and its value. */
    static final class Entry {
        private final String key;
        private final byte[] value;
        private final long createRevision;

        private Entry(String key, byte[] value, long createRevision) {
            this.key = key;
            this.value = value;
            this.createRevision = createRevision;
        }

        String key() {
            return key;
        }

        byte[] value() {
            return value;
        }

        long createRevision() {
            return createRevision;
        }
    }

    /** Something to be done by a transaction. */
    static final class Change {
        private final String key;
        private final byte @Nullable [] value;
        private final String end;

        private Change(String key, byte @Nullable [] value, String end) {
            this.key = key;
            this.value = value;
            this.end = end;
        }

        static Change put(String key, byte[] value) {
            return new Change(key, value, "");
        }

        static Change delete(String key) {
            return new Change(key, null, "");
        }

        /** Of all keys from {@code from} on, but before {@code end}. */
        static Change deleteRange(String from, String end) {
            return new Change(from, null, end);
        }

        private void write(JsonWriter json, @Nullable Long lease) {
            byte[] put = value;
            if (put != null) {
                json.object("request_put").member("key", encode(key)).member("value", encode(put));
                if (lease != null) {
                    json.member("lease", Long.toString(lease));
                }
            } else {
                json.object("request_delete_range").member("key", encode(key));
                if (!end.isEmpty()) {
                    json.member("range_end", encode(end));
                }
            }
            json.end();
        }
    }

    /** The end of the range of all keys that begin so. */
    static String behind(String prefix) {
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }

    /**
     * Keys from {@code from} on, but before {@code end}, in their order or the reverse of it.
     *
     * @param most how many; 0 for all
     */
    List<Entry> range(String from, String end, int most, boolean keysOnly, boolean reverse, Duration patience)
            throws IOException {
        JsonWriter json = JsonWriter.compact()
                .member("key", encode(from))
                .member("range_end", encode(end))
                .member("limit", most)
                .member("keys_only", keysOnly)
                .member("sort_target", "KEY")
                .member("sort_order", reverse ? "DESCEND" : "ASCEND");
        return entries(call("/v3/kv/range", json.finish(), patience));
    }

    /** One key; null if there is none. */
    @Nullable Entry get(String key, Duration patience) throws IOException {
        String body = JsonWriter.compact().member("key", encode(key)).finish();
        List<Entry> entries = entries(call("/v3/kv/range", body, patience));
        return entries.isEmpty() ? null : entries.get(0);
    }

    /**
     * Does all changes, if a key was created by that revision; 0 stands for a key that is not there.
     *
     * @param lease to which what is put belongs; null for none
     * @return whether it was
     */
    boolean change(String key, long createRevision, List<Change> changes, @Nullable Long lease, Duration patience)
            throws IOException {
        JsonWriter json = JsonWriter.compact().list("compare").element();
        json.member("key", encode(key))
                .member("target", "CREATE")
                .member("result", "EQUAL")
                .member("create_revision", Long.toString(createRevision));
        json.end().endList().list("success");
        for (Change change : changes) {
            change.write(json.element(), lease);
            json.end();
        }
        JsonObject answer = call("/v3/kv/txn", json.endList().finish(), patience);
        try {
            return answer.has("succeeded") && answer.flag("succeeded");
        } catch (JsonException malformed) {
            throw strange(malformed);
        }
    }

    /** Begins a lease; its number. */
    long grant(Duration ttl, Duration patience) throws IOException {
        String body = JsonWriter.compact().member("TTL", ttl.toSeconds()).finish();
        return number(call("/v3/lease/grant", body, patience), "ID");
    }

    /** Renews a lease. For how many seconds; 0 if it has ended. */
    long keepAlive(long lease, Duration patience) throws IOException {
        JsonObject answer = call("/v3/lease/keepalive", leaseBody(lease), patience);
        try {
            return number(answer.object("result"), "TTL");
        } catch (JsonException malformed) {
            throw strange(malformed);
        }
    }

    /** Ends a lease, and deletes what belongs to it. */
    void revoke(long lease, Duration patience) throws IOException {
        try {
            call("/v3/lease/revoke", leaseBody(lease), patience);
        } catch (EtcdException refused) {
            if (refused.code() != EtcdException.NOT_FOUND) {
                throw refused;
            }
        }
    }

    private static String leaseBody(long lease) {
        return JsonWriter.compact().member("ID", Long.toString(lease)).finish();
    }

    // Numbers of 64 bits are strings there, and left out where they are 0.
    private static long number(JsonObject json, String name) throws IOException {
        try {
            return json.has(name) ? Long.parseLong(json.string(name)) : 0;
        } catch (JsonException | NumberFormatException malformed) {
            throw strange(malformed);
        }
    }

    private static List<Entry> entries(JsonObject answer) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try {
            if (answer.has("kvs")) {
                for (JsonObject each : answer.objects("kvs")) {
                    String value = each.has("value") ? each.string("value") : "";
                    entries.add(new Entry(
                            new String(Base64.getDecoder().decode(each.string("key")), StandardCharsets.UTF_8),
                            Base64.getDecoder().decode(value),
                            number(each, "create_revision")));
                }
            }
        } catch (JsonException | IllegalArgumentException malformed) {
            throw strange(malformed);
        }
        return entries;
    }

    private static IOException strange(Exception cause) {
        return new IOException("etcd answered something that is not understood: " + cause.getMessage(), cause);
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** @param patience for how long members are asked again where none can answer */
    private JsonObject call(String path, String body, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        for (int attempt = 1; true; attempt++) {
            int member = current;
            try {
                return once(members.get(member), path, body);
            } catch (InterruptedIOException interrupted) {
                throw interrupted;
            } catch (IOException failure) {
                boolean passing = !(failure instanceof EtcdException refused) || refused.isPassing();
                if (!passing || System.nanoTime() - end > 0) {
                    throw failure;
                }
                current = (member + 1) % members.size();
                if (attempt % members.size() == 0) {
                    pause();
                }
            }
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while etcd was asked");
    }

    private JsonObject once(URI member, String path, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(member.resolve(path))
                .timeout(ATTEMPT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            throw interrupted();
        } catch (IOException failure) {
            throw new IOException("cannot reach etcd at " + member + ": " + failure, failure);
        }
        try {
            JsonObject answer = JsonObject.parse(response.body());
            if (response.statusCode() != OK) {
                int code = answer.has("code") ? answer.count("code") : 0;
                throw new EtcdException(code, answer.optionalString("error").orElse("it refuses"));
            }
            return answer;
        } catch (JsonException malformed) {
            throw new IOException(
                    "etcd at " + member + " answered with status " + response.statusCode()
                            + " and something that is not understood",
                    malformed);
        }
    }
}
