package dev.ingot.grpc;

import dev.ingot.core.json.JsonWriter;
import dev.ingot.grpc.v1.CancelWorkloadRequest;
import dev.ingot.grpc.v1.CancelWorkloadResponse;
import dev.ingot.grpc.v1.CordonNodeRequest;
import dev.ingot.grpc.v1.CordonNodeResponse;
import dev.ingot.grpc.v1.DrainNodeRequest;
import dev.ingot.grpc.v1.DrainNodeResponse;
import dev.ingot.grpc.v1.GetWorkloadRequest;
import dev.ingot.grpc.v1.GetWorkloadResponse;
import dev.ingot.grpc.v1.LimitTenantRequest;
import dev.ingot.grpc.v1.LimitTenantResponse;
import dev.ingot.grpc.v1.ListNodesRequest;
import dev.ingot.grpc.v1.ListNodesResponse;
import dev.ingot.grpc.v1.ListTenantsRequest;
import dev.ingot.grpc.v1.ListTenantsResponse;
import dev.ingot.grpc.v1.ListTiersRequest;
import dev.ingot.grpc.v1.ListTiersResponse;
import dev.ingot.grpc.v1.ListUsageRequest;
import dev.ingot.grpc.v1.ListUsageResponse;
import dev.ingot.grpc.v1.ListWorkloadsRequest;
import dev.ingot.grpc.v1.ListWorkloadsResponse;
import dev.ingot.grpc.v1.MigrateWorkloadRequest;
import dev.ingot.grpc.v1.MigrateWorkloadResponse;
import dev.ingot.grpc.v1.PlanRequest;
import dev.ingot.grpc.v1.PlanResponse;
import dev.ingot.grpc.v1.PoolGrpc;
import dev.ingot.grpc.v1.PutFilePartRequest;
import dev.ingot.grpc.v1.PutFilePartResponse;
import dev.ingot.grpc.v1.ReadOutputRequest;
import dev.ingot.grpc.v1.ReadOutputResponse;
import dev.ingot.grpc.v1.ReserveForTenantRequest;
import dev.ingot.grpc.v1.ReserveForTenantResponse;
import dev.ingot.grpc.v1.ResumeWorkloadRequest;
import dev.ingot.grpc.v1.ResumeWorkloadResponse;
import dev.ingot.grpc.v1.SubmitWorkloadRequest;
import dev.ingot.grpc.v1.SubmitWorkloadResponse;
import dev.ingot.grpc.v1.SuspendWorkloadRequest;
import dev.ingot.grpc.v1.SuspendWorkloadResponse;
import dev.ingot.grpc.v1.UncordonNodeRequest;
import dev.ingot.grpc.v1.UncordonNodeResponse;
import dev.ingot.grpc.v1.WatchEventsRequest;
import dev.ingot.grpc.v1.WatchEventsResponse;
import dev.ingot.grpc.v1.WhoAmIRequest;
import dev.ingot.grpc.v1.WhoAmIResponse;
import dev.ingot.scheduler.control.Client;
import dev.ingot.scheduler.control.EventFeed;
import dev.ingot.scheduler.control.Gate;
import dev.ingot.scheduler.control.Operation;
import dev.ingot.scheduler.control.Operations;
import dev.ingot.scheduler.control.PoolService;
import dev.ingot.scheduler.control.Refusal;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The calls: each has the operation carried out of which its description speaks, and makes a message of the result. Thread-safe. */
final class PoolEndpoint extends PoolGrpc.PoolImplBase {
    private static final String ID = "id";
    private static final String NAME = "name";
    /** At once, of all clients together. */
    private static final int MOST_STREAMS = 256;

    private static final int OUTPUT_PIECE = 256 << 10;

    private final Gate gate;
    private final Operations operations;
    private final Executor executor;
    private final Set<OpenStream> streams = ConcurrentHashMap.newKeySet();

    PoolEndpoint(PoolService service, Executor executor) {
        this.gate = service.gate();
        this.operations = service.operations();
        this.executor = executor;
    }

    /* ---- One answer each ---- */

    private <T, M> void answer(
            StreamObserver<M> observer,
            Operation operation,
            Map<String, String> variables,
            Gate.Work<T> work,
            Function<T, String> told,
            Function<T, M> message) {
        ignoreCancellation(observer);
        Object unused = gate.carryOut(Authentication.client(), operation, operation.request(variables), work, told)
                .whenCompleteAsync(
                        (result, failure) -> {
                            if (failure == null) {
                                observer.onNext(message.apply(result));
                                observer.onCompleted();
                            } else {
                                fail(observer, failure);
                            }
                        },
                        executor);
    }

    /** Of whom nobody waits for any more, the answer goes nowhere. */
    private static void ignoreCancellation(StreamObserver<?> observer) {
        ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(() -> {});
    }

    private static void fail(StreamObserver<?> observer, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            observer.onError(Statuses.of(refusal));
        } else if (failure instanceof IllegalArgumentException malformed) {
            observer.onError(Statuses.malformed(malformed));
        } else {
            observer.onError(Status.INTERNAL.withCause(failure).asException());
        }
    }

    /** Of what changes nothing, nothing is noted. */
    private <T, M> void look(
            StreamObserver<M> observer,
            Operation operation,
            Map<String, String> variables,
            Gate.Work<T> work,
            Function<T, M> message) {
        answer(observer, operation, variables, work, result -> "", message);
    }

    private <M> void direct(
            StreamObserver<M> observer,
            Operation operation,
            Map<String, String> variables,
            Gate.Work<String> work,
            Function<String, M> message) {
        answer(
                observer,
                operation,
                variables,
                work,
                id -> JsonWriter.compact().member(ID, id).finish(),
                message);
    }

    @Override
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> observer) {
        look(observer, Operation.WHO_AM_I, Map.of(), CompletableFuture::completedFuture, Messages::whoAmI);
    }

    @Override
    public void submitWorkload(SubmitWorkloadRequest request, StreamObserver<SubmitWorkloadResponse> observer) {
        String key = request.getIdempotencyKey();
        direct(
                observer,
                Operation.SUBMIT,
                Map.of(),
                who -> operations.submit(who, request.getDescription(), key.isEmpty() ? null : key),
                id -> SubmitWorkloadResponse.newBuilder().setId(id).build());
    }

    @Override
    public void getWorkload(GetWorkloadRequest request, StreamObserver<GetWorkloadResponse> observer) {
        look(
                observer,
                Operation.WORKLOAD,
                Map.of(ID, request.getId()),
                who -> operations.workload(who, request.getId()),
                Messages::workload);
    }

    @Override
    public void listWorkloads(ListWorkloadsRequest request, StreamObserver<ListWorkloadsResponse> observer) {
        String tenant = request.getTenant();
        look(
                observer,
                Operation.WORKLOADS,
                Map.of(),
                who -> operations.workloads(
                        who,
                        pageBegin(request.getPageToken()),
                        pageSize(request.getPageSize()),
                        tenant.isEmpty() ? null : tenant,
                        request.getActive()),
                Messages::workloads);
    }

    private static int pageSize(int wanted) {
        if (wanted < 0 || wanted > Operations.MOST_PAGE) {
            throw new IllegalArgumentException("page_size must be a number from 0 to " + Operations.MOST_PAGE);
        }
        return wanted == 0 ? Operations.USUAL_PAGE : wanted;
    }

    private static long pageBegin(String token) {
        if (!token.matches("[0-9]{0,18}")) {
            throw new IllegalArgumentException("page_token must be what an answer had as next_page_token");
        }
        return token.isEmpty() ? 0 : Long.parseLong(token);
    }

    @Override
    public void suspendWorkload(SuspendWorkloadRequest request, StreamObserver<SuspendWorkloadResponse> observer) {
        direct(
                observer,
                Operation.SUSPEND,
                Map.of(ID, request.getId()),
                who -> operations.suspend(who, request.getId()),
                id -> SuspendWorkloadResponse.newBuilder().setId(id).build());
    }

    @Override
    public void resumeWorkload(ResumeWorkloadRequest request, StreamObserver<ResumeWorkloadResponse> observer) {
        direct(
                observer,
                Operation.RESUME,
                Map.of(ID, request.getId()),
                who -> operations.resume(who, request.getId()),
                id -> ResumeWorkloadResponse.newBuilder().setId(id).build());
    }

    @Override
    public void migrateWorkload(MigrateWorkloadRequest request, StreamObserver<MigrateWorkloadResponse> observer) {
        String node = request.getNode();
        direct(
                observer,
                Operation.MIGRATE,
                Map.of(ID, request.getId()),
                who -> operations.migrate(who, request.getId(), node.isEmpty() ? null : node),
                id -> MigrateWorkloadResponse.newBuilder().setId(id).build());
    }

    @Override
    public void cancelWorkload(CancelWorkloadRequest request, StreamObserver<CancelWorkloadResponse> observer) {
        direct(
                observer,
                Operation.CANCEL,
                Map.of(ID, request.getId()),
                who -> operations.cancel(who, request.getId()),
                id -> CancelWorkloadResponse.newBuilder().setId(id).build());
    }

    @Override
    public void putFilePart(PutFilePartRequest request, StreamObserver<PutFilePartResponse> observer) {
        answer(
                observer,
                Operation.PUT_FILE,
                Map.of("tenant", request.getTenant(), "sha256", request.getSha256()),
                who -> operations.putFile(
                        who,
                        request.getTenant(),
                        request.getSha256(),
                        request.getSize(),
                        request.getFrom(),
                        request.getContent().toByteArray()),
                length -> JsonWriter.compact().member("length", length).finish(),
                length -> PutFilePartResponse.newBuilder().setLength(length).build());
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
        look(
                observer,
                Operation.NODES,
                Map.of(),
                who -> operations.nodes(),
                all -> ListNodesResponse.newBuilder()
                        .addAllNodes(all.stream().map(Messages::node).toList())
                        .build());
    }

    @Override
    public void listTenants(ListTenantsRequest request, StreamObserver<ListTenantsResponse> observer) {
        look(
                observer,
                Operation.TENANTS,
                Map.of(),
                who -> operations.tenants(who),
                all -> ListTenantsResponse.newBuilder()
                        .addAllTenants(all.stream().map(Messages::tenant).toList())
                        .build());
    }

    @Override
    public void listTiers(ListTiersRequest request, StreamObserver<ListTiersResponse> observer) {
        look(
                observer,
                Operation.TIERS,
                Map.of(),
                who -> operations.tiers(),
                all -> ListTiersResponse.newBuilder()
                        .addAllTiers(all.stream().map(Messages::tier).toList())
                        .build());
    }

    @Override
    public void listUsage(ListUsageRequest request, StreamObserver<ListUsageResponse> observer) {
        look(
                observer,
                Operation.USAGE,
                Map.of(),
                who -> operations.usage(request.getSinceMillis()),
                all -> ListUsageResponse.newBuilder()
                        .addAllSamples(all.stream().map(Messages::usage).toList())
                        .build());
    }

    @Override
    public void cordonNode(CordonNodeRequest request, StreamObserver<CordonNodeResponse> observer) {
        direct(
                observer,
                Operation.CORDON,
                Map.of(NAME, request.getName()),
                who -> operations.cordon(request.getName(), true),
                name -> CordonNodeResponse.getDefaultInstance());
    }

    @Override
    public void uncordonNode(UncordonNodeRequest request, StreamObserver<UncordonNodeResponse> observer) {
        direct(
                observer,
                Operation.UNCORDON,
                Map.of(NAME, request.getName()),
                who -> operations.cordon(request.getName(), false),
                name -> UncordonNodeResponse.getDefaultInstance());
    }

    @Override
    public void drainNode(DrainNodeRequest request, StreamObserver<DrainNodeResponse> observer) {
        direct(
                observer,
                Operation.DRAIN,
                Map.of(NAME, request.getName()),
                who -> operations.drain(request.getName()),
                name -> DrainNodeResponse.getDefaultInstance());
    }

    @Override
    public void limitTenant(LimitTenantRequest request, StreamObserver<LimitTenantResponse> observer) {
        direct(
                observer,
                Operation.LIMIT,
                Map.of("tenant", request.getTenant()),
                who -> operations.limit(request.getTenant(), Limits.limits(request.getLimits())),
                name -> LimitTenantResponse.getDefaultInstance());
    }

    @Override
    public void reserveForTenant(ReserveForTenantRequest request, StreamObserver<ReserveForTenantResponse> observer) {
        direct(
                observer,
                Operation.RESERVE,
                Map.of("tenant", request.getTenant()),
                who -> {
                    if (!request.hasReservation()) {
                        throw new IllegalArgumentException("reservation is missing");
                    }
                    return operations.reserve(request.getTenant(), Messages.resources(request.getReservation()));
                },
                name -> ReserveForTenantResponse.getDefaultInstance());
    }

    @Override
    public void plan(PlanRequest request, StreamObserver<PlanResponse> observer) {
        look(
                observer,
                Operation.PLAN,
                Map.of(),
                who -> switch (request.getHypothesisCase()) {
                    case SUBMIT -> operations.planSubmission(who, request.getSubmit());
                    case DRAIN -> operations.planDrain(who, request.getDrain());
                    case LOSE -> operations.planLoss(who, request.getLose());
                    case HYPOTHESIS_NOT_SET -> throw new IllegalArgumentException("say what: submit, drain or lose");
                },
                Messages::plan);
    }

    /* ---- Streams of answers ---- */

    @Override
    public void watchEvents(WatchEventsRequest request, StreamObserver<WatchEventsResponse> observer) {
        ServerCallStreamObserver<WatchEventsResponse> client = (ServerCallStreamObserver<WatchEventsResponse>) observer;
        EventWatch watch = new EventWatch(client, executor, streams::remove);
        try {
            gate.requireRole(Authentication.client(), Operation.EVENTS, Operation.EVENTS.request(Map.of()));
            EventFeed feed = operations.events(
                    Authentication.client().who(),
                    notNegative("after", request.getAfter()),
                    request.getFollow(),
                    watch);
            streams.add(watch);
            watch.begin(feed);
        } catch (Refusal | IllegalArgumentException refused) {
            fail(observer, refused);
        }
    }

    @Override
    public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputResponse> observer) {
        ServerCallStreamObserver<ReadOutputResponse> client = (ServerCallStreamObserver<ReadOutputResponse>) observer;
        Client caller = Authentication.client();
        String name = Operation.OUTPUT.request(Map.of(ID, request.getId()));
        try {
            if (request.getFollow() && request.getLive()) {
                throw new IllegalArgumentException("what is followed is told once and not taken back: leave out live");
            }
            OutputStreaming output = new OutputStreaming(
                    client,
                    executor,
                    from -> gate.carryOut(
                            caller,
                            Operation.OUTPUT,
                            name,
                            who -> operations.output(who, request.getId(), from, OUTPUT_PIECE, request.getLive()),
                            read -> ""),
                    notNegative("from", request.getFrom()),
                    request.getFollow(),
                    streams::remove);
            if (streams.size() >= MOST_STREAMS) {
                observer.onError(Status.UNAVAILABLE
                        .withDescription("too many streams are open; try again later")
                        .asException());
                return;
            }
            streams.add(output);
            client.setOnReadyHandler(output::wake);
            client.setOnCancelHandler(output::wake);
            output.wake();
        } catch (IllegalArgumentException refused) {
            fail(observer, refused);
        }
    }

    private static long notNegative(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " must not be negative");
        }
        return value;
    }

    /** Tells all who follow something that they are to ask again. */
    void endStreams() {
        Status status = Status.UNAVAILABLE.withDescription(
                "this scheduler ends; call again, here or where another one has taken over");
        streams.forEach(stream -> stream.end(status));
    }
}
