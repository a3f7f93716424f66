package dev.ingot.scheduler.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** To whichever of several servers runs the pool now: the one that answered last, or the next one that can be reached. */
final class SeveralTransport implements Transport {
    private final List<Transport> servers;
    private volatile int current;

    /** @param servers at least one */
    SeveralTransport(List<Transport> servers) {
        this.servers = List.copyOf(servers);
    }

    private interface Request<T> {
        T to(Transport server) throws IOException, PoolException;
    }

    @Override
    public Answer exchange(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, PoolException {
        return ask(server -> server.exchange(method, path, headers, body));
    }

    @Override
    public InputStream open(String path) throws IOException, PoolException {
        return ask(server -> server.open(path));
    }

    // What may have been done though its answer was lost may be asked again: requests say what is to be, and
    // submissions have keys.
    private <T> T ask(Request<T> request) throws IOException, PoolException {
        int first = current;
        IOException failure = null;
        for (int i = 0; i < servers.size(); i++) {
            int server = (first + i) % servers.size();
            try {
                T answer = request.to(servers.get(server));
                current = server;
                return answer;
            } catch (IOException unreachable) {
                if (failure != null) {
                    unreachable.addSuppressed(failure);
                }
                failure = unreachable;
            }
        }
        throw failure == null ? new IOException("there is no server") : failure;
    }

    @Override
    public String place() {
        return servers.stream().map(Transport::place).collect(Collectors.joining(", "));
    }
}
