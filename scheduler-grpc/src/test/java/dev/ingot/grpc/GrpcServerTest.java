package dev.ingot.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.ingot.grpc.v1.Bound;
import dev.ingot.grpc.v1.Budget;
import dev.ingot.grpc.v1.CancelWorkloadRequest;
import dev.ingot.grpc.v1.CordonNodeRequest;
import dev.ingot.grpc.v1.DrainNodeRequest;
import dev.ingot.grpc.v1.Event;
import dev.ingot.grpc.v1.GetWorkloadRequest;
import dev.ingot.grpc.v1.GetWorkloadResponse;
import dev.ingot.grpc.v1.LimitTenantRequest;
import dev.ingot.grpc.v1.ListNodesRequest;
import dev.ingot.grpc.v1.ListTenantsRequest;
import dev.ingot.grpc.v1.ListTiersRequest;
import dev.ingot.grpc.v1.ListUsageRequest;
import dev.ingot.grpc.v1.ListWorkloadsRequest;
import dev.ingot.grpc.v1.ListWorkloadsResponse;
import dev.ingot.grpc.v1.MigrateWorkloadRequest;
import dev.ingot.grpc.v1.Node;
import dev.ingot.grpc.v1.PlanRequest;
import dev.ingot.grpc.v1.PlanResponse;
import dev.ingot.grpc.v1.PoolGrpc;
import dev.ingot.grpc.v1.PutFilePartRequest;
import dev.ingot.grpc.v1.ReadOutputRequest;
import dev.ingot.grpc.v1.ReadOutputResponse;
import dev.ingot.grpc.v1.ReserveForTenantRequest;
import dev.ingot.grpc.v1.Resources;
import dev.ingot.grpc.v1.ResumeWorkloadRequest;
import dev.ingot.grpc.v1.Role;
import dev.ingot.grpc.v1.ServicePort;
import dev.ingot.grpc.v1.SubmitWorkloadRequest;
import dev.ingot.grpc.v1.SuspendWorkloadRequest;
import dev.ingot.grpc.v1.TenantLimits;
import dev.ingot.grpc.v1.Tier;
import dev.ingot.grpc.v1.UncordonNodeRequest;
import dev.ingot.grpc.v1.WatchEventsRequest;
import dev.ingot.grpc.v1.WatchEventsResponse;
import dev.ingot.grpc.v1.WhoAmIRequest;
import dev.ingot.grpc.v1.WhoAmIResponse;
import dev.ingot.grpc.v1.WorkloadState;
import dev.ingot.scheduler.access.AccessFile;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.RequestLimit;
import dev.ingot.scheduler.access.Token;
import dev.ingot.scheduler.control.ApiProvider;
import dev.ingot.scheduler.control.ApiServer;
import dev.ingot.scheduler.control.Certificates;
import dev.ingot.scheduler.control.ControlPlane;
import dev.ingot.scheduler.control.Limits;
import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.control.ServedApi;
import dev.ingot.scheduler.control.ServiceRange;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.PoolDirectory;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool by gRPC over TCP: each call, who gets in, and what becomes of those who mean harm. */
class GrpcServerTest {
    private static final String DESCRIPTION =
            "{\"command\":[\"java\",\"A\"],\"directory\":\"/\",\"tenant\":\"team-a\",\"tier\":\"basic\"}";

    @TempDir
    private Path files;

    private PoolDirectory directory = new PoolDirectory(Path.of("/tmp"));
    private @Nullable ControlPlane plane;
    private @Nullable ApiServer http;
    private @Nullable ServedApi server;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final String admin = Token.create();
    private final String alice = Token.create();
    private final String bob = Token.create();
    private final String watcher = Token.create();

    @BeforeEach
    void start() throws IOException {
        // Sockets have short names, which not every place for temporary files allows.
        directory = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        directory.prepare();
        new AccessFile(directory.access())
                .change(none -> List.of(
                        grant("root", dev.ingot.scheduler.access.Role.ADMIN, null, admin),
                        grant("alice", dev.ingot.scheduler.access.Role.OPERATOR, "team-a", alice),
                        grant("bob", dev.ingot.scheduler.access.Role.OPERATOR, "team-b", bob),
                        grant("watcher", dev.ingot.scheduler.access.Role.VIEWER, null, watcher),
                        new Grant(
                                new Identity("carol", dev.ingot.scheduler.access.Role.VIEWER, null),
                                null,
                                "CN=carol,OU=ops")));
        open();
        plane().submit(new Command.Join("node1", "1", new dev.ingot.scheduler.pool.Resources(2000, 4000, 0)))
                .join();
    }

    private void open() throws IOException {
        plane = ControlPlane.open(directory.journal(), Policy.USUAL, Duration.ofHours(1));
    }

    @AfterEach
    void end() throws IOException {
        close();
        try (Stream<Path> all = Files.walk(directory.path())) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void close() throws IOException {
        channels.forEach(ManagedChannel::shutdownNow);
        if (server != null) {
            server.close();
            server = null;
        }
        if (http != null) {
            http.close();
        }
        plane().close();
    }

    private static Grant grant(
            String name, dev.ingot.scheduler.access.Role role, @Nullable String tenant, String token) {
        return new Grant(new Identity(name, role, tenant), Token.hash(token), null);
    }

    private ControlPlane plane() {
        return Objects.requireNonNull(plane);
    }

    private void serve() throws IOException {
        serve(new Listen(loopback(), null, null, null), Limits.usual());
    }

    private void serve(Listen listen, Limits limits) throws IOException {
        http = ApiServer.start(directory, plane(), null, ServiceRange.usual(), limits);
        // As the command finds it.
        ApiProvider provider = ServiceLoader.load(ApiProvider.class).findFirst().orElseThrow();
        assertThat(provider.protocol()).isEqualTo("grpc");
        server = provider.serve(http.service(), listen);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private URI uri() {
        return Objects.requireNonNull(server).uri();
    }

    private ManagedChannel channel(ChannelCredentials credentials) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(uri().getHost(), uri().getPort(), credentials)
                .build();
        channels.add(channel);
        return channel;
    }

    private ManagedChannel channel() {
        return channel(InsecureChannelCredentials.create());
    }

    private static <S extends AbstractStub<S>> S as(@Nullable String token, S stub) {
        if (token == null) {
            return stub;
        }
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private PoolGrpc.PoolBlockingStub as(@Nullable String token) {
        return as(token, PoolGrpc.newBlockingStub(channel()));
    }

    private static Status.Code codeOf(ThrowingCallable call) {
        return refusal(call).getStatus().getCode();
    }

    private static StatusRuntimeException refusal(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call), "it was not refused");
    }

    private static <M extends com.google.protobuf.Message> M detail(StatusRuntimeException refusal, Class<M> type)
            throws InvalidProtocolBufferException {
        for (Any detail :
                Objects.requireNonNull(StatusProto.fromThrowable(refusal)).getDetailsList()) {
            if (detail.is(type)) {
                return detail.unpack(type);
            }
        }
        throw new AssertionError(refusal + " has no " + type.getSimpleName());
    }

    private static SubmitWorkloadRequest submission(String key) {
        return SubmitWorkloadRequest.newBuilder()
                .setDescription(DESCRIPTION)
                .setIdempotencyKey(key)
                .build();
    }

    private static GetWorkloadRequest get(String id) {
        return GetWorkloadRequest.newBuilder().setId(id).build();
    }

    private String audit() throws IOException {
        return Files.readString(directory.audit());
    }

    /* ---- Each call ---- */

    @Test
    void workloadsAreSubmittedShownAndDirected() throws Exception {
        serve();
        PoolGrpc.PoolBlockingStub pool = as(alice);

        String id = pool.submitWorkload(submission("k")).getId();
        assertThat(pool.submitWorkload(submission("k")).getId()).isEqualTo(id);
        assertThat(pool.submitWorkload(submission("")).getId()).isNotEqualTo(id);

        GetWorkloadResponse shown = pool.getWorkload(get(id));
        assertThat(shown.getWorkload().getSpec().getTenant()).isEqualTo("team-a");
        assertThat(shown.getWorkload().getSpec().getTier()).isEqualTo(Tier.TIER_BASIC);
        assertThat(shown.getWorkload().getSpec().getCommandList()).containsExactly("java", "A");
        assertThat(shown.getWorkload().getState()).isEqualTo(WorkloadState.WORKLOAD_STATE_STARTING);
        assertThat(shown.getWorkload().getNode()).isEqualTo("node1");
        assertThat(shown.getWorkload().hasImage()).isFalse();
        assertThat(shown.getWorkload().getHistoryList()).isNotEmpty();
        assertThat(shown.getWhyList()).isNotEmpty();

        assertThat(pool.suspendWorkload(
                                SuspendWorkloadRequest.newBuilder().setId(id).build())
                        .getId())
                .isEqualTo(id);
        pool.resumeWorkload(ResumeWorkloadRequest.newBuilder().setId(id).build());
        assertThat(codeOf(() -> pool.migrateWorkload(MigrateWorkloadRequest.newBuilder()
                        .setId(id)
                        .setNode("node9")
                        .build())))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        pool.cancelWorkload(CancelWorkloadRequest.newBuilder().setId(id).build());
        assertThat(pool.getWorkload(get(id)).getWorkload().getState())
                .isIn(WorkloadState.WORKLOAD_STATE_CANCELLING, WorkloadState.WORKLOAD_STATE_CANCELLED);
    }

    @Test
    void servicesOfAGangAreShownWithWhereEachMemberIsReached() throws Exception {
        serve();
        String id = as(alice)
                .submitWorkload(SubmitWorkloadRequest.newBuilder()
                        .setDescription("{command: [java, A], directory: /tmp, tenant: team-a, gang: 2, services:"
                                + " [{name: http, port: 8080, address: 18080, members: 18100, step: 1}]}")
                        .build())
                .getId();

        for (int member = 0; member < 2; member++) {
            int port = 8080 + member;
            String shown = member == 0 ? id : id + "." + member;
            assertThat(as(alice).getWorkload(get(shown)).getWorkload().getSpec().getServicesList())
                    .allMatch(service -> service.getPort() == port)
                    .extracting(ServicePort::getAddress)
                    .containsExactly("127.0.0.1:18080", "127.0.0.1:" + (18100 + member));
        }
    }

    @Test
    void workloadsComeInPages() throws Exception {
        serve();
        PoolGrpc.PoolBlockingStub pool = as(alice);
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            submitted.add(pool.submitWorkload(submission("k" + i)).getId());
        }

        List<String> listed = new ArrayList<>();
        String token = "";
        int pages = 0;
        do {
            ListWorkloadsResponse page = pool.listWorkloads(ListWorkloadsRequest.newBuilder()
                    .setPageSize(3)
                    .setPageToken(token)
                    .build());
            page.getWorkloadsList().forEach(workload -> listed.add(workload.getId()));
            token = page.getNextPageToken();
            pages++;
        } while (!token.isEmpty());

        assertThat(listed).isEqualTo(submitted);
        assertThat(pages).isEqualTo(3);
        assertThat(codeOf(() -> pool.listWorkloads(
                        ListWorkloadsRequest.newBuilder().setPageToken("x").build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(codeOf(() -> pool.listWorkloads(
                        ListWorkloadsRequest.newBuilder().setPageSize(1001).build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void nodesAndTenantsAreShownAndDirected() throws Exception {
        serve();
        PoolGrpc.PoolBlockingStub pool = as(admin);

        pool.cordonNode(CordonNodeRequest.newBuilder().setName("node1").build());
        assertThat(node().getCordoned()).isTrue();
        pool.uncordonNode(UncordonNodeRequest.newBuilder().setName("node1").build());
        assertThat(node().getCordoned()).isFalse();
        assertThat(node().getCapacity().getMilliCores()).isEqualTo(2000);
        pool.drainNode(DrainNodeRequest.newBuilder().setName("node1").build());
        assertThat(node().getCordoned()).isTrue();
        assertThat(codeOf(() -> pool.cordonNode(
                        CordonNodeRequest.newBuilder().setName("none").build())))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);

        pool.reserveForTenant(ReserveForTenantRequest.newBuilder()
                .setTenant("team-a")
                .setReservation(Resources.newBuilder().setMilliCores(1000).setMemoryMib(100))
                .build());
        assertThat(pool.listTenants(ListTenantsRequest.getDefaultInstance()).getTenantsList())
                .anySatisfy(tenant -> {
                    assertThat(tenant.getName()).isEqualTo("team-a");
                    assertThat(tenant.getReserved().getMilliCores()).isEqualTo(1000);
                });
        pool.limitTenant(LimitTenantRequest.newBuilder()
                .setTenant("team-a")
                .setLimits(TenantLimits.newBuilder()
                        .setLending(Bound.newBuilder().setMilliCores(0))
                        .setBudget(Budget.newBuilder().setMilliCoreHours(5000)))
                .build());
        assertThat(pool.listTenants(ListTenantsRequest.getDefaultInstance()).getTenantsList())
                .anySatisfy(tenant -> {
                    assertThat(tenant.getLimits().getLending().hasMilliCores()).isTrue();
                    assertThat(tenant.getLimits().getLending().hasMemoryMib()).isFalse();
                    assertThat(tenant.getLimits().getBudget().getMilliCoreHours())
                            .isEqualTo(5000);
                    assertThat(tenant.getLimits().getBudget().hasMilliDeviceHours())
                            .isFalse();
                    assertThat(tenant.hasBudgetUse()).isTrue();
                });
        assertThat(codeOf(() -> pool.limitTenant(LimitTenantRequest.newBuilder()
                        .setTenant("team-a")
                        .setLimits(TenantLimits.newBuilder()
                                .setLending(Bound.newBuilder().setMilliCores(-1)))
                        .build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(codeOf(() -> pool.reserveForTenant(
                        ReserveForTenantRequest.newBuilder().setTenant("team-a").build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(codeOf(() -> pool.reserveForTenant(ReserveForTenantRequest.newBuilder()
                        .setTenant("team-a")
                        .setReservation(Resources.newBuilder().setMilliCores(-1))
                        .build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(pool.listTiers(ListTiersRequest.getDefaultInstance()).getTiersList())
                .hasSize(3);
        await().untilAsserted(() -> assertThat(
                        pool.listUsage(ListUsageRequest.getDefaultInstance()).getSamplesList())
                .anySatisfy(sample ->
                        assertThat(sample.getCapacity().getMilliCores()).isEqualTo(2000)));
    }

    private Node node() {
        return as(watcher).listNodes(ListNodesRequest.getDefaultInstance()).getNodes(0);
    }

    @Test
    void plansAreMadeWithoutChangingAnything() throws Exception {
        serve();

        PlanResponse plan =
                as(alice).plan(PlanRequest.newBuilder().setSubmit(DESCRIPTION).build());
        assertThat(plan.getId()).isNotEmpty();
        assertThat(plan.getEventsList()).isNotEmpty();
        assertThat(as(admin)
                        .plan(PlanRequest.newBuilder().setDrain("node1").build())
                        .getWhyList())
                .isEmpty();
        assertThat(codeOf(() ->
                        as(alice).plan(PlanRequest.newBuilder().setLose("node1").build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(codeOf(() -> as(alice).plan(PlanRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(as(alice)
                        .listWorkloads(ListWorkloadsRequest.getDefaultInstance())
                        .getWorkloadsCount())
                .isZero();
    }

    @Test
    void filesComeInPieces() throws Exception {
        serve();
        String hash = ContentHash.of(Files.writeString(files.resolve("f"), "content"));
        PutFilePartRequest part = PutFilePartRequest.newBuilder()
                .setTenant("team-a")
                .setSha256(hash)
                .setSize(7)
                .setContent(ByteString.copyFromUtf8("con"))
                .build();

        assertThat(as(alice).putFilePart(part).getLength()).isEqualTo(3);
        assertThat(as(alice)
                        .putFilePart(part.toBuilder()
                                .setFrom(3)
                                .setContent(ByteString.copyFromUtf8("tent"))
                                .build())
                        .getLength())
                .isEqualTo(7);
        assertThat(codeOf(() -> as(bob).putFilePart(part))).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(codeOf(
                        () -> as(alice).putFilePart(part.toBuilder().setFrom(8).build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(codeOf(() ->
                        as(alice).putFilePart(part.toBuilder().setSha256("../x").build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void outputIsFollowedUntilTheWorkloadHasEnded() throws Exception {
        serve();
        PoolGrpc.PoolBlockingStub pool = as(alice);
        String id = pool.submitWorkload(submission("k")).getId();
        Path output = directory.output(id, 1);
        Files.createDirectories(output.getParent());
        byte[] much = "0123456789".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        Files.write(output, much);

        ReadOutputRequest live = ReadOutputRequest.newBuilder()
                .setId(id)
                .setFrom(5)
                .setLive(true)
                .build();
        assertThat(text(pool.readOutput(live)))
                .isEqualTo(new String(much, 5, much.length - 5, StandardCharsets.US_ASCII));
        assertThat(text(pool.readOutput(ReadOutputRequest.newBuilder().setId(id).build())))
                .isEmpty();
        assertThat(codeOf(() -> pool.readOutput(live.toBuilder().setFollow(true).build())
                        .hasNext()))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(codeOf(() -> as(bob).readOutput(live).hasNext())).isEqualTo(Status.Code.NOT_FOUND);

        CompletableFuture<String> followed = CompletableFuture.supplyAsync(() -> text(pool.readOutput(
                ReadOutputRequest.newBuilder().setId(id).setFollow(true).build())));
        plane().submit(new Command.Observe(
                        "node1",
                        "1",
                        List.of(new dev.ingot.scheduler.pool.Report(
                                id, 1, dev.ingot.scheduler.pool.Phase.EXITED, null, 0, much.length, 0, null, null))))
                .join();
        assertThat(followed.get()).hasSize(much.length);
    }

    private static String text(Iterator<ReadOutputResponse> pieces) {
        StringBuilder text = new StringBuilder();
        long next = -1;
        while (pieces.hasNext()) {
            ReadOutputResponse piece = pieces.next();
            assertThat(next == -1 || piece.getFrom() == next).isTrue();
            next = piece.getFrom() + piece.getContent().size();
            text.append(piece.getContent().toStringUtf8());
        }
        return text.toString();
    }

    /* ---- Events ---- */

    /** What a client that follows the events has got. */
    private static final class Heard implements StreamObserver<WatchEventsResponse> {
        final List<Event> events = new CopyOnWriteArrayList<>();
        final CompletableFuture<Boolean> end = new CompletableFuture<>();

        @Override
        public void onNext(WatchEventsResponse response) {
            assertThat(response.hasEvent()).isTrue();
            events.add(response.getEvent());
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(true);
        }

        long last() {
            return events.get(events.size() - 1).getSequence();
        }
    }

    private Heard watch(String token, long after, boolean follow) {
        Heard heard = new Heard();
        as(token, PoolGrpc.newStub(channel()))
                .watchEvents(
                        WatchEventsRequest.newBuilder()
                                .setAfter(after)
                                .setFollow(follow)
                                .build(),
                        heard);
        return heard;
    }

    @Test
    void whoFollowsIsToldThatTheSchedulerEndsAndMissesNothingAtTheNextOne() throws Exception {
        serve();
        Heard first = watch(watcher, 0, true);
        String before = as(alice).submitWorkload(submission("k")).getId();
        await().until(() ->
                first.events.stream().anyMatch(event -> event.getWorkload().equals(before)));

        close();

        assertThatThrownBy(first.end::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        open();
        serve();
        Heard second = watch(watcher, first.last(), true);
        String afterwards = as(alice).submitWorkload(submission("l")).getId();
        await().until(() ->
                second.events.stream().anyMatch(event -> event.getWorkload().equals(afterwards)));
        assertThat(second.events.get(0).getSequence()).isEqualTo(first.last() + 1);
        assertThat(second.events).extracting(Event::getWorkload).doesNotContain(before);
    }

    @Test
    void whoDoesNotFollowHearsWhatThereWasOfItsTenant() throws Exception {
        serve();
        String hers = as(alice).submitWorkload(submission("k")).getId();

        Heard heard = watch(bob, 0, false);

        assertThat(heard.end.get()).isTrue();
        assertThat(heard.events).extracting(Event::getNode).contains("node1");
        assertThat(heard.events).extracting(Event::getWorkload).doesNotContain(hers);
    }

    /* ---- Who gets in ---- */

    @Test
    void whoProvesNothingGetsNothing() throws Exception {
        serve();

        assertThat(codeOf(() -> as(null).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(codeOf(() -> as("ingot_wrong").whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(codeOf(() -> as(null).watchEvents(WatchEventsRequest.getDefaultInstance())
                        .hasNext()))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(HealthGrpc.newBlockingStub(channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThatThrownBy(() -> services(null)).hasStackTraceContaining("UNAUTHENTICATED");
        assertThat(services(watcher)).contains("ingot.pool.v1.Pool");
        WhoAmIResponse who = as(alice).whoAmI(WhoAmIRequest.getDefaultInstance());
        assertThat(who.getName()).isEqualTo("alice");
        assertThat(who.getRole()).isEqualTo(Role.ROLE_OPERATOR);
        assertThat(who.getTenant()).isEqualTo("team-a");
    }

    /** What reflection says there is. */
    private List<String> services(@Nullable String token) throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asked = as(token, ServerReflectionGrpc.newStub(channel()))
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        names.complete(response.getListServicesResponse().getServiceList().stream()
                                .map(service -> service.getName())
                                .toList());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        names.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        // Told above.
                    }
                });
        asked.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        return names.get();
    }

    @Test
    void rolesAndTenantsAreHeededAndWhatIsTriedIsNotedAsWithHttp() throws Exception {
        serve();
        String hers = as(alice).submitWorkload(submission("same-key")).getId();

        assertThat(codeOf(() -> as(watcher).submitWorkload(submission("k")))).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(codeOf(() -> as(alice)
                        .cordonNode(
                                CordonNodeRequest.newBuilder().setName("node1").build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(codeOf(() -> as(bob).submitWorkload(submission("same-key"))))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(codeOf(() -> as(bob).getWorkload(get(hers)))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(codeOf(() -> as(bob).cancelWorkload(
                                CancelWorkloadRequest.newBuilder().setId(hers).build())))
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(as(bob).listWorkloads(ListWorkloadsRequest.newBuilder()
                                .setTenant("team-a")
                                .build())
                        .getWorkloadsCount())
                .isZero();

        assertThat(audit().lines())
                .anyMatch(line ->
                        line.contains("\"who\":\"alice\",\"from\":\"127.0.0.1\",\"what\":\"POST /v1/workloads\""))
                .anyMatch(line -> line.contains("\"status\":200,\"result\":\"{\\\"id\\\":\\\"" + hers + "\\\"}\""))
                .anyMatch(line -> line.contains("\"who\":\"alice\"") && line.contains("POST /v1/nodes/node1/cordon"))
                .anyMatch(line ->
                        line.contains("\"who\":\"bob\"") && line.contains("POST /v1/workloads/" + hers + "/cancel"))
                .anyMatch(line -> line.contains("\"status\":404"))
                .noneMatch(line -> line.contains("GET "));
    }

    @Test
    void certificatesProveWhoSomebodyIs() throws Exception {
        Certificates certificates = new Certificates(files);
        certificates.make("server", "CN=pool");
        certificates.make("carol", "CN=carol, OU=ops");
        serve(
                new Listen(
                        loopback(),
                        certificates.certificate("server"),
                        certificates.key("server"),
                        certificates.certificate("carol")),
                Limits.usual());
        TlsChannelCredentials.Builder trusting = TlsChannelCredentials.newBuilder()
                .trustManager(certificates.certificate("server").toFile());

        ManagedChannel plain = channel();
        ManagedChannel anonymous = channel(trusting.build());
        ManagedChannel carol = channel(trusting.keyManager(
                        certificates.certificate("carol").toFile(),
                        certificates.key("carol").toFile())
                .build());

        assertThat(codeOf(() -> as(admin, PoolGrpc.newBlockingStub(plain)).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(codeOf(() -> PoolGrpc.newBlockingStub(anonymous).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(as(admin, PoolGrpc.newBlockingStub(anonymous))
                        .whoAmI(WhoAmIRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("root");
        assertThat(PoolGrpc.newBlockingStub(carol)
                        .whoAmI(WhoAmIRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("carol");
    }

    /* ---- Who means harm ---- */

    @Test
    void whatIsWrongWithARequestIsToldSoThatProgramsCanReadIt() throws Exception {
        serve();
        SubmitWorkloadRequest wrong = SubmitWorkloadRequest.newBuilder()
                .setDescription("command: [java, A]\ndirectory: /\ntier: best\ngangs: 3\n")
                .build();

        StatusRuntimeException refusal = refusal(() -> as(alice).submitWorkload(wrong));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(detail(refusal, BadRequest.class).getFieldViolationsList())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem.getDescription()).contains("gangs"));
        assertThat(detail(refusal, ErrorInfo.class).getMetadataMap()).containsEntry("http_status", "400");
    }

    @Test
    void tooMuchIsRefusedBeforeItIsRead() throws Exception {
        serve();
        SubmitWorkloadRequest large = SubmitWorkloadRequest.newBuilder()
                .setDescription("x".repeat(GrpcServer.MAX_MESSAGE_BYTES))
                .build();

        assertThat(codeOf(() -> as(alice).submitWorkload(large))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(codeOf(() -> as(alice).withCompression("gzip").submitWorkload(large)))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(codeOf(() -> as(alice)
                        .suspendWorkload(SuspendWorkloadRequest.newBuilder()
                                .setId("x".repeat(10_000))
                                .build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(audit()).doesNotContain("xxxx");
        assertThat(codeOf(() -> as("x".repeat(100_000)).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isNotEqualTo(Status.Code.OK);
        assertThat(as(alice).whoAmI(WhoAmIRequest.getDefaultInstance()).getName())
                .isEqualTo("alice");
    }

    @Test
    void floodsAreRefusedAndHinderNobodyElse() throws Exception {
        // Limits that fill up again in no time that a test takes, so that its speed does not matter.
        serve(
                new Listen(loopback(), null, null, null),
                new Limits(new RequestLimit(1e-6, 30), new RequestLimit(1e-6, 20)));
        PoolGrpc.PoolBlockingStub her = as(alice);
        PoolGrpc.PoolBlockingStub stranger = as("ingot_guess");
        List<Status.Code> guesses = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            guesses.add(codeOf(() -> stranger.whoAmI(WhoAmIRequest.getDefaultInstance())));
        }
        for (int i = 0; i < 30; i++) {
            her.whoAmI(WhoAmIRequest.getDefaultInstance());
        }

        assertThat(guesses.subList(0, 20)).containsOnly(Status.Code.UNAUTHENTICATED);
        assertThat(guesses.subList(20, 25)).containsOnly(Status.Code.RESOURCE_EXHAUSTED);
        StatusRuntimeException refusal = refusal(() -> her.whoAmI(WhoAmIRequest.getDefaultInstance()));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(detail(refusal, RetryInfo.class).getRetryDelay().getSeconds())
                .isEqualTo(1);
        assertThat(as(bob).whoAmI(WhoAmIRequest.getDefaultInstance()).getName()).isEqualTo("bob");
    }

    @Test
    void whoFollowsTooOftenOnOneConnectionWaitsAndHindersNobodyElse() throws Exception {
        serve();
        PoolGrpc.PoolStub many = as(watcher, PoolGrpc.newStub(channel()));
        List<Heard> heard = new ArrayList<>();
        for (int i = 0; i < GrpcServer.MOST_CALLS_OF_CONNECTION + 10; i++) {
            Heard one = new Heard();
            many.watchEvents(WatchEventsRequest.newBuilder().setFollow(true).build(), one);
            heard.add(one);
        }

        await().until(() ->
                heard.stream().filter(one -> !one.events.isEmpty()).count() == GrpcServer.MOST_CALLS_OF_CONNECTION);
        assertThat(as(alice).whoAmI(WhoAmIRequest.getDefaultInstance()).getName())
                .isEqualTo("alice");
    }

    @Test
    void oneAddressHasOnlySoManyConnections() throws Exception {
        serve();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                sockets.add(new Socket(uri().getHost(), uri().getPort()));
            }
            // The server speaks first, to those that it takes.
            long taken = 0;
            for (Socket socket : sockets) {
                taken += isOpen(socket) ? 1 : 0;
            }
            assertThat(taken).isEqualTo(256);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().untilAsserted(() -> assertThat(
                        as(alice).whoAmI(WhoAmIRequest.getDefaultInstance()).getName())
                .isEqualTo("alice"));
    }

    private static boolean isOpen(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketException reset) {
            return false;
        }
    }

    @Test
    void whoPingsAllTheTimeIsSentAway() throws Exception {
        serve();
        try (Socket socket = new Socket(uri().getHost(), uri().getPort())) {
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            byte[] ping = {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
            assertThatThrownBy(() -> {
                        while (true) {
                            socket.getOutputStream().write(ping);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        assertThat(as(alice).whoAmI(WhoAmIRequest.getDefaultInstance()).getName())
                .isEqualTo("alice");
    }

    @Test
    void eachOperationOfUsersIsACall() {
        // All but what nodes ask for, what needs no proof, and metrics, for which Prometheus comes by HTTP.
        long operations = Stream.of(dev.ingot.scheduler.control.Operation.values())
                .filter(dev.ingot.scheduler.control.Operation::isOfUsers)
                .count();

        assertThat(PoolGrpc.getServiceDescriptor().getMethods()).hasSize((int) operations - 1);
    }
}
