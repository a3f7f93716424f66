package dev.ingot.node;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Piece;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.ImageParts;
import dev.ingot.scheduler.wire.ImageSource;
import dev.ingot.scheduler.wire.PieceList;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Of a node with a disk of its own: the pool's is at the other end of a connection. */
final class RemoteDepot implements Depot {
    /** Far above what any part of an image has; whoever answers is the pool, but may be broken. */
    private static final long MOST_PART_BYTES = 256L << 20;

    private static final long ASK_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PoolClient client;
    private final PoolDirectory home;
    private final String node;
    private final ImageShelf shelf;
    private final @Nullable ImageServer server;
    /** Where other nodes could not be reached, and until when they are not asked again, by {@link System#nanoTime}. */
    private final Map<String, Long> unreachable = new ConcurrentHashMap<>();
    /** By workload that is held, the image that this process has seen whole last. */
    private final Map<String, Path> certain = new ConcurrentHashMap<>();
    /** Images that are being fetched. */
    private final Set<Path> coming = ConcurrentHashMap.newKeySet();

    /**
     * @param home the node's own directory
     * @param server by which other nodes have images from this one; null if they do not
     */
    RemoteDepot(PoolClient client, PoolDirectory home, String node, ImageShelf shelf, @Nullable ImageServer server) {
        this.shelf = shelf;
        this.server = server;
        this.client = client;
        this.home = home;
        this.node = node;
    }

    private String place(Order order, String image) {
        return "/v1/nodes/" + node + "/images/" + order.workload() + "/" + image;
    }

    private static String query(Order order, long from) {
        return "?epoch=" + order.epoch() + "&from=" + from;
    }

    @Override
    public Path fetch(Order order, ImageReference image) throws PoolException, IOException {
        ImageStore store = ImageStore.at(home.images(order.workload()));
        PoolDirectory.createOwned(store.directory());
        Path place = store.directory().resolve(order.workload()).resolve(image.directory());
        if (!coming.add(place)) {
            throw new PoolException("image " + image.directory() + " of " + order.workload()
                    + " is still on its way here for another epoch");
        }
        try {
            return fetch(store, order, image.directory());
        } finally {
            coming.remove(place);
        }
    }

    private Path fetch(ImageStore store, Order order, String image) throws PoolException, IOException {
        // Later ones are of an epoch after this one, which may be over before the image has come.
        List<Path> earlier = store.directories(order.workload());
        try (Incoming incoming = new Incoming(order, image)) {
            deleteUnlessWhole(store, incoming);
            Path fetched = store.receive(incoming).image();
            certain.put(order.workload(), fetched);
            incoming.tellSources();
            // Only now, since what it has in common with them was taken from there.
            for (Path other : earlier) {
                if (!other.equals(fetched)) {
                    store.delete(other);
                }
            }
            return fetched;
        } catch (IOException failure) {
            if (failure instanceof Unanswered unanswered) {
                throw unanswered.reason;
            } else if (failure.getCause() instanceof Unanswered unanswered) {
                throw unanswered.reason;
            }
            throw failure;
        }
    }

    /** What an earlier process, or an earlier stay of the workload, left is believed no more than what comes from elsewhere. */
    private void deleteUnlessWhole(ImageStore store, Incoming image) throws IOException {
        Path place = store.directory().resolve(image.name()).resolve(image.directory());
        if (ImageStore.isImage(place) && !place.equals(certain.get(image.name())) && !isWhole(place, image)) {
            store.delete(place);
        }
    }

    private static boolean isWhole(Path place, Incoming image) throws IOException {
        try (CarriedImage there = ImageStore.carried(place)) {
            if (!there.packs().equals(image.packs())) {
                return false;
            }
            for (int pack = 0; pack < image.packs().size(); pack++) {
                List<Piece> pieces = image.packs().get(pack);
                for (int piece = 0; piece < pieces.size(); piece++) {
                    if (!pieces.get(piece).is(there.read(pack, piece))) {
                        return false;
                    }
                }
            }
            return true;
        } catch (ImageException damaged) {
            return false;
        }
    }

    @Override
    public void keep(Order order, Path image) throws PoolException, IOException {
        try {
            certain.put(order.workload(), image);
            carry(order, image);
        } catch (PoolException refusal) {
            if (refusal.isFinal()) {
                // It would be refused as often as it is brought, and the workload never be seen to have stopped.
                throw new IOException("the pool does not take image " + image + ": " + refusal.getMessage(), refusal);
            }
            throw refusal;
        }
    }

    private void carry(Order order, Path image) throws PoolException, IOException {
        try (CarriedImage carried = ImageStore.carried(image)) {
            String place = place(order, carried.directory());
            List<List<Piece>> packs = carried.packs();
            List<Piece> pieces = carried.pieces();
            send(order, place + "/" + ImageParts.INDEX, PieceList.text(packs).getBytes(StandardCharsets.US_ASCII));
            for (Map.Entry<String, byte[]> file : carried.files().entrySet()) {
                send(order, place + "/" + ImageParts.ofFile(file.getKey()), file.getValue());
            }
            List<String> missing = missing(order, place);
            while (!missing.isEmpty()) {
                for (String number : missing) {
                    int piece = Objects.checkIndex(Integer.parseInt(number), pieces.size());
                    byte[] content = read(carried, packs, piece);
                    if (!pieces.get(piece).is(content)) {
                        throw new IOException(
                                "image " + image + " is damaged: piece " + piece + " is not what its hash says");
                    }
                    client.send(place + "/" + ImageParts.PIECE + query(order, 0), content);
                }
                missing = missing(order, place);
            }
        } catch (JsonException | NumberFormatException | IndexOutOfBoundsException malformed) {
            throw new IOException("the pool answered something else than the pieces it misses", malformed);
        }
    }

    /** @param piece counted through all packs */
    private static byte[] read(CarriedImage carried, List<List<Piece>> packs, int piece) throws IOException {
        int pack = 0;
        int left = piece;
        while (left >= packs.get(pack).size()) {
            left -= packs.get(pack).size();
            pack++;
        }
        return carried.read(pack, left);
    }

    private List<String> missing(Order order, String place) throws PoolException, JsonException {
        return client.post(place + "?epoch=" + order.epoch(), "{}").strings("missing");
    }

    private void send(Order order, String path, byte[] content) throws PoolException {
        int from = 0;
        do {
            int to = Math.min(content.length, from + ImageParts.MOST_BYTES);
            client.send(path + query(order, from), Arrays.copyOfRange(content, from, to));
            from = to;
        } while (from < content.length);
    }

    @Override
    public void keepOutput(Order order, long length) throws PoolException, IOException {
        String path = "/v1/nodes/" + node + "/output/" + order.workload();
        try (FileChannel output = FileChannel.open(home.output(order.workload(), order.epoch()))) {
            long kept = length(client.send(path + query(order, 0), new byte[0]));
            while (kept < length) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(ImageParts.MOST_BYTES, length - kept));
                if (output.read(bytes, kept) < 0) {
                    throw new IOException("output of " + order.workload() + " has become shorter");
                }
                kept = length(client.send(path + query(order, kept), Arrays.copyOf(bytes.array(), bytes.position())));
            }
        }
    }

    private static long length(JsonObject answer) throws IOException {
        try {
            return answer.integer("length");
        } catch (JsonException malformed) {
            throw new IOException("the pool answered something else than a length", malformed);
        }
    }

    @Override
    public void fetchFile(Order order, ShippedFile file, Path to) throws PoolException, IOException {
        String path = "/v1/nodes/" + node + "/files/" + order.workload() + "/" + file.sha256();
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long come = channel.size();
            while (come < file.bytes()) {
                byte[] next = client.bytes(path + query(order, come) + "&length=" + ImageParts.MOST_BYTES);
                if (next.length == 0) {
                    throw new IOException("file " + file.name() + " is shorter at the pool than it should be");
                }
                ByteBuffer bytes = ByteBuffer.wrap(next);
                while (bytes.hasRemaining()) {
                    channel.write(bytes, come + bytes.position());
                }
                come += next.length;
            }
        }
    }

    @Override
    public void claim(String workload) {
        shelf.claim(workload);
    }

    @Override
    public void forget(String workload) throws IOException {
        certain.remove(workload);
        shelf.depart(workload);
    }

    @Override
    public void gone(String workload) throws IOException {
        certain.remove(workload);
        shelf.gone(workload);
    }

    @Override
    public ImageOffer offer() {
        return new ImageOffer(shelf.held(), server == null ? null : server.door());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }

    /** A failure to reach the pool on its way through the store. */
    private static final class Unanswered extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient PoolException reason;

        Unanswered(PoolException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /** An image on its way here. */
    private final class Incoming implements CarriedImage {
        private final Order order;
        private final String image;
        private final List<List<Piece>> packs;
        private final List<List<Long>> offsets = new ArrayList<>();
        /** Other nodes that have it; null until they are asked for. */
        private @Nullable Deque<ImagePeer> peers;

        private final Map<String, Long> fromNodes = new LinkedHashMap<>();
        private long fromPool;

        Incoming(Order order, String image) throws IOException {
            this.order = order;
            this.image = image;
            this.packs = PieceList.parse(new String(whole(ImageParts.INDEX), StandardCharsets.US_ASCII));
            for (List<Piece> pieces : packs) {
                List<Long> ofPack = new ArrayList<>();
                long offset = 0;
                for (Piece piece : pieces) {
                    ofPack.add(offset);
                    offset += piece.bytes();
                }
                offsets.add(ofPack);
            }
        }

        private byte[] part(String part, long from, int length) throws IOException {
            try {
                return client.bytes(place(order, image) + "/" + part + query(order, from) + "&length=" + length);
            } catch (PoolException failure) {
                if (failure.isFinal()) {
                    throw new IOException("the pool cannot give what it has: " + failure.getMessage(), failure);
                }
                throw new Unanswered(failure);
            }
        }

        private byte[] whole(String part) throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            byte[] next;
            do {
                next = part(part, whole.size(), ImageParts.MOST_BYTES);
                whole.write(next);
                if (whole.size() > MOST_PART_BYTES) {
                    throw new IOException(part + " of image " + image + " does not end");
                }
            } while (next.length == ImageParts.MOST_BYTES);
            return whole.toByteArray();
        }

        @Override
        public String name() {
            return order.workload();
        }

        @Override
        public String directory() {
            return image;
        }

        @Override
        public List<List<Piece>> packs() {
            return packs;
        }

        @Override
        public byte[] read(int pack, int piece) throws IOException {
            Piece wanted = packs.get(pack).get(piece);
            String part = ImageParts.ofPack(pack, packs.size());
            long from = offsets.get(pack).get(piece);
            byte[] content = fromPeers(wanted, part, from);
            if (content == null) {
                content = part(part, from, wanted.bytes());
                fromPool += content.length;
            }
            return content;
        }

        /** Says where it came from, if not from the pool alone. */
        void tellSources() {
            fromNodes.forEach((source, bytes) -> System.err.println("ingot: node " + node + ": image " + image + " of "
                    + order.workload() + ": " + bytes + " bytes came from node " + source + ", " + fromPool
                    + " from the pool"));
        }

        /** What says what the image is made of comes from the pool alone; so it does not matter who has the pieces. */
        private byte @Nullable [] fromPeers(Piece wanted, String part, long from) {
            Deque<ImagePeer> left = peers;
            if (left == null) {
                left = peers();
                peers = left;
            }
            while (!left.isEmpty()) {
                ImagePeer peer = left.element();
                try {
                    byte[] content = peer.bytes(
                            "/v1/images/" + order.workload() + "/" + image + "/" + part + query(order, from)
                                    + "&length=" + wanted.bytes() + "&for=" + node,
                            wanted.bytes());
                    if (wanted.is(content)) {
                        fromNodes.merge(peer.source().node(), (long) content.length, Long::sum);
                        return content;
                    }
                    throw new IOException("what it sends is not what the hash says");
                } catch (ImagePeer.Refused refused) {
                    left.remove();
                    if (peer.hasServed()) {
                        // Its key is another one by now.
                        left.addAll(peers());
                    } else {
                        tell(peer, refused);
                    }
                } catch (IOException failure) {
                    left.remove();
                    unreachable.put(peer.source().uri(), System.nanoTime() + ASK_AGAIN_NANOS);
                    tell(peer, failure);
                }
            }
            return null;
        }

        private void tell(ImagePeer peer, IOException failure) {
            String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            System.err.println("ingot: node " + node + ": image " + image + " of " + order.workload()
                    + " does not come from node " + peer.source().node() + " at "
                    + peer.source().uri() + ", but from the pool: " + why);
        }

        private Deque<ImagePeer> peers() {
            Deque<ImagePeer> found = new ArrayDeque<>();
            unreachable.values().removeIf(until -> System.nanoTime() - until > 0);
            try {
                for (ImageSource source :
                        ImageSource.read(client.get(place(order, image) + "?epoch=" + order.epoch()))) {
                    if (!unreachable.containsKey(source.uri())) {
                        found.add(new ImagePeer(source));
                    }
                }
            } catch (PoolException | JsonException | IllegalArgumentException unknown) {
                // The pool has it, or says itself why not.
                found.clear();
            }
            return found;
        }

        @Override
        public Map<String, byte[]> files() throws IOException {
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (String name : CarriedImage.fileNames(false, packs.size() - 1)) {
                files.put(name, whole(ImageParts.ofFile(name)));
            }
            return files;
        }

        @Override
        public void close() {
            // The connection is the client's.
        }
    }
}
