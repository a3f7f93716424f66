package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.grpc.v1.Event;
import dev.ingot.grpc.v1.ListNodesRequest;
import dev.ingot.grpc.v1.Node;
import dev.ingot.grpc.v1.PoolGrpc;
import dev.ingot.grpc.v1.WatchEventsRequest;
import dev.ingot.grpc.v1.WatchEventsResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The pool's API by gRPC as the command serves it. */
class GrpcIT extends LivePool {
    @Test
    void whoFollowsTheEventsHearsThatTheSchedulerWasKilledAndMissesNothingAtTheNextOne() throws Exception {
        start(1, "--grpc", "0");
        String token = ingot("pool", "grant", "alice", "--role", "admin").strip();
        List<Event> heard = new ArrayList<>();
        ManagedChannel first = channel();
        try {
            await().atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                    .until(() -> isAlive(pool(first, token)));
            Iterator<WatchEventsResponse> events = watch(pool(first, token), 0);
            heard.add(events.next().getEvent());

            controls.get(0).destroyForcibly().waitFor();

            Status end = readToTheEnd(events, heard);
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        } finally {
            first.shutdownNow();
        }
        Files.delete(pool.grpcAddress());
        start(1, "--grpc", "0");
        await().atMost(LIMIT).until(() -> Files.exists(pool.grpcAddress()));
        ManagedChannel second = channel();
        try {
            Iterator<WatchEventsResponse> events =
                    watch(pool(second, token), heard.get(heard.size() - 1).getSequence());
            String id = ingot("submit", "--", "java", "-version").strip();
            while (!heard.get(heard.size() - 1).getWorkload().equals(id)) {
                heard.add(events.next().getEvent());
            }
            assertThat(isAlive(pool(second, token))).isTrue();
        } finally {
            second.shutdownNow();
        }
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i).getSequence()).isEqualTo(i + 1);
        }
    }

    private static Status readToTheEnd(Iterator<WatchEventsResponse> events, List<Event> heard) {
        try {
            while (true) {
                heard.add(events.next().getEvent());
            }
        } catch (StatusRuntimeException end) {
            return end.getStatus();
        }
    }

    private ManagedChannel channel() throws Exception {
        await().atMost(LIMIT).until(() -> Files.exists(pool.grpcAddress()));
        URI address = URI.create(Files.readString(pool.grpcAddress()));
        return Grpc.newChannelBuilderForAddress(
                        address.getHost(), address.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    private static PoolGrpc.PoolBlockingStub pool(ManagedChannel channel, String token) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return PoolGrpc.newBlockingStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static boolean isAlive(PoolGrpc.PoolBlockingStub pool) {
        return pool.listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .anyMatch(Node::getAlive);
    }

    private static Iterator<WatchEventsResponse> watch(PoolGrpc.PoolBlockingStub pool, long after) {
        return pool.withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .watchEvents(WatchEventsRequest.newBuilder()
                        .setAfter(after)
                        .setFollow(true)
                        .build());
    }
}
