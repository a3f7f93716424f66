package dev.ingot.scheduler.control;

import dev.ingot.core.image.ImageStore;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.ImageParts;
import dev.ingot.scheduler.wire.ImageSource;
import dev.ingot.scheduler.wire.Listening;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.SelfReport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What nodes ask for. A node speaks for itself alone, and of a workload only in the epoch in which it is placed there: whatever an older
 * epoch brings is refused. Thread-safe.
 */
final class NodeApi {
    private static final String EPOCH = "epoch";
    private static final String LENGTH = "length";
    private static final String FROM = "from";
    private static final String AFTER = "after";

    private final ControlPlane plane;
    private final ImageDepot depot;
    private final Offload transfers;
    private final ServiceDesk services;
    private final FileStore files;
    private final Foresight foresight;
    private final ImagePlaces places = new ImagePlaces();

    NodeApi(
            ControlPlane plane,
            PoolDirectory directory,
            Offload transfers,
            ServiceDesk services,
            FileStore files,
            Foresight foresight) {
        this.foresight = foresight;
        this.files = files;
        this.plane = plane;
        this.services = services;
        this.depot = new ImageDepot(directory);
        this.transfers = transfers;
    }

    List<Route> routes() {
        return List.of(
                new Route(Operation.BEAT, Set.of(), this::beat),
                new Route(Operation.NEWS, Set.of(AFTER), this::news),
                new Route(Operation.LEAVE, Set.of(), this::leave),
                new Route(Operation.TAKE_OUTPUT, Set.of(EPOCH, FROM), this::takeOutput),
                new Route(Operation.TAKE_IMAGE_PART, Set.of(EPOCH, FROM), this::takePart),
                new Route(Operation.COMPLETE_IMAGE, Set.of(EPOCH), this::complete),
                new Route(Operation.LOCATE_IMAGE, Set.of(EPOCH), this::locate),
                new Route(Operation.READ_IMAGE_PART, Set.of(EPOCH, FROM, LENGTH), this::readPart),
                new Route(Operation.READ_FILE, Set.of(EPOCH, FROM, LENGTH), this::readFile));
    }

    private static void requireItself(Call call, String node) {
        if (call.who().role() == Role.NODE && !call.who().name().equals(node)) {
            throw new Refusal(Reply.FORBIDDEN, call.who().name() + " is not node " + node);
        }
    }

    private CompletableFuture<Reply> beat(Call call) throws JsonException {
        Command.Join join = PoolJson.join(call.json());
        requireItself(call, join.node());
        List<Listening> listening = PoolJson.listening(call.json());
        SelfReport self = PoolJson.selfReport(call.json());
        boolean goesOnAsTold = PoolJson.goesOnAsTold(call.json());
        Command.Observe observe = PoolJson.observe(call.json());
        String description = PoolJson.equipmentDescription(call.json());
        ImageOffer images = ImageOffer.read(call.json());
        return foresight
                .before(join, description, observe.reports())
                .thenCompose(done -> plane.beat(join, observe, self, goesOnAsTold))
                .thenCompose(beat -> {
                    if (beat.verdict() == Beat.Verdict.WELCOME) {
                        services.heard(join.node(), call.address(), listening);
                        places.heard(join.node(), call.address(), images);
                    }
                    boolean wants = foresight.wants(join.equipment());
                    long typical = self.workNanos() == 0 ? 0 : plane.typicalWorkNanos();
                    return gone(join.node(), images).thenApply(gone -> reply(beat, wants, gone, typical));
                });
    }

    private CompletableFuture<List<String>> gone(String node, ImageOffer images) {
        return images.held().isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : plane.look((pool, now) -> ImagePlaces.gone(pool, node, images));
    }

    /** @param typicalNanos how long the work of which the beat says how long it took takes half of the nodes; 0 if nobody knows */
    private Reply reply(Beat beat, boolean wantsEquipment, List<String> gone, long typicalNanos) {
        JsonWriter json = JsonWriter.compact()
                .member("verdict", PoolJson.text(beat.verdict()))
                .member("wantsEquipment", wantsEquipment)
                .member("gone", gone)
                .member("leaseMillis", plane.lease().toMillis())
                .member("nowMillis", System.currentTimeMillis());
        if (typicalNanos > 0) {
            json.member("typicalWorkNanos", typicalNanos);
        }
        PoolJson.orders(json, services.withFarewells(beat.orders()));
        return Reply.ok(json);
    }

    private CompletableFuture<Reply> news(Call call) {
        requireItself(call, call.variable("name"));
        return plane.nextOrders(call.variable("name"), call.number(AFTER, 0, Long.MAX_VALUE))
                .thenApply(number -> Reply.ok(JsonWriter.compact().member("number", number)));
    }

    private CompletableFuture<Reply> leave(Call call) throws JsonException {
        requireItself(call, call.variable("name"));
        return plane.submit(new Command.Leave(call.variable("name"), call.json().string("incarnation")))
                .thenApply(answer -> Api.id(Operations.accepted(answer)));
    }

    /**
     * A workload that is placed where a request comes from.
     *
     * @param kept the images of it that may still be needed
     */
    private record Placed(String id, long epoch, List<String> kept, WorkloadSpec spec) {}

    /** The workload of a request, once it is certain that its node may speak of it. */
    private CompletableFuture<Placed> placed(Call call) {
        return placed(call, false);
    }

    /** @param comingWillDo whether the node may also be one that gets ready for the workload */
    private CompletableFuture<Placed> placed(Call call, boolean comingWillDo) {
        String node = call.variable("name");
        String id = call.variable("id");
        long epoch = call.number(EPOCH, 0, Long.MAX_VALUE);
        requireItself(call, node);
        return plane.look((pool, now) -> {
            WorkloadView view = pool.workload(id);
            boolean coming = comingWillDo && pool.isPreparing(id, node, epoch);
            if (view == null || (!coming && (view.epoch() != epoch || !node.equals(view.node())))) {
                throw new Refusal(Reply.CONFLICT, "epoch " + epoch + " of " + id + " is not placed on " + node);
            }
            return new Placed(id, epoch, pool.keptImages(id), view.spec());
        });
    }

    private static String image(Call call) {
        String image = call.variable("image");
        if (!ImageStore.isImageDirectory(image)) {
            throw new Refusal(Reply.BAD_REQUEST, "'" + image + "' is not what an image is called");
        }
        return image;
    }

    private static String part(Call call, String... others) {
        String part = call.variable("part");
        boolean pack = List.of(others).contains(ImageParts.PACK) && ImageParts.isPack(part);
        if (!List.of(others).contains(part) && !ImageParts.isFile(part) && !pack) {
            throw new Refusal(Reply.BAD_REQUEST, "'" + part + "' is not a part of an image");
        }
        return part;
    }

    private CompletableFuture<Reply> takePart(Call call) {
        String part = part(call, ImageParts.INDEX, ImageParts.PIECE);
        String image = image(call);
        long from = call.number(FROM, 0, Long.MAX_VALUE);
        return transfers.then(placed(call), placed -> {
            depot.take(placed.id(), image, part, from, call.content().bytes());
            return Reply.ok(JsonWriter.compact());
        });
    }

    private CompletableFuture<Reply> complete(Call call) {
        String image = image(call);
        return transfers.then(placed(call), placed -> {
            List<Integer> missing = depot.complete(placed.id(), image);
            depot.forgetBefore(placed.id(), placed.kept());
            return Reply.ok(JsonWriter.compact()
                    .member("missing", missing.stream().map(String::valueOf).toList()));
        });
    }

    private CompletableFuture<Reply> locate(Call call) {
        String image = image(call);
        String node = call.variable("name");
        return placed(call, true)
                .thenCompose(placed ->
                        plane.look((pool, now) -> places.sources(pool, node, placed.id(), placed.epoch(), image)))
                .thenApply(sources -> {
                    JsonWriter json = JsonWriter.compact();
                    ImageSource.write(json, sources);
                    return Reply.ok(json);
                });
    }

    private CompletableFuture<Reply> readPart(Call call) {
        String part = part(call, ImageParts.INDEX, ImageParts.PACK);
        String image = image(call);
        long from = call.number(FROM, 0, Long.MAX_VALUE);
        int length = (int) call.number(LENGTH, ImageParts.MOST_BYTES, ImageParts.MOST_READ_BYTES);
        return transfers.then(
                placed(call, true), placed -> Reply.bytes(depot.read(placed.id(), image, part, from, length)));
    }

    private CompletableFuture<Reply> readFile(Call call) {
        String hash = call.variable("sha256");
        long from = call.number(FROM, 0, Long.MAX_VALUE);
        int length = (int) call.number(LENGTH, ImageParts.MOST_BYTES, ImageParts.MOST_BYTES);
        return transfers.then(placed(call, true), placed -> {
            if (placed.spec().files().stream().noneMatch(file -> file.sha256().equals(hash))) {
                throw new Refusal(Reply.NOT_FOUND, placed.id() + " has no file " + hash);
            }
            return Reply.bytes(files.read(placed.spec().tenant(), hash, from, length));
        });
    }

    private CompletableFuture<Reply> takeOutput(Call call) {
        long from = call.number(FROM, 0, Long.MAX_VALUE);
        return transfers.then(placed(call), placed -> {
            byte[] content = call.content().bytes();
            if (content.length > 0) {
                depot.takeOutput(placed.id(), placed.epoch(), from, content);
            }
            return Reply.ok(JsonWriter.compact().member("length", depot.outputLength(placed.id(), placed.epoch())));
        });
    }
}
