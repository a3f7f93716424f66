package dev.ingot.scheduler.wire;

import dev.ingot.scheduler.pool.TenantPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The directory of a pool on this machine: its socket, its journal, its nodes, and the workloads' images and output. Nobody but its
 * owner may enter it; that is the whole of the authentication, since there is no other way in.
 */
public record PoolDirectory(Path path) {
    private static final String OWNER_ONLY = "rwx------";
    // What the operating system's address structure holds, less the closing zero.
    private static final int MAX_SOCKET_PATH_BYTES = 103;

    public PoolDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** Where a pool is if nothing else is said. */
    public static PoolDirectory usual() {
        return new PoolDirectory(Path.of(System.getProperty("user.home"), ".ingot", "pool"));
    }

    public Path socket() {
        return path.resolve("api.sock");
    }

    public Path journal() {
        return path.resolve("journal");
    }

    /** Locked by the control process while it lives. */
    public Path controlLock() {
        return path.resolve("control.lock");
    }

    /** Who may do what, where it does not come through the socket. */
    public Path access() {
        return path.resolve("access.json");
    }

    /** Who did what. */
    public Path audit() {
        return path.resolve("audit.log");
    }

    /** Where the pool is served at a port while it is up: a URI. */
    public Path address() {
        return path.resolve("address");
    }

    /** Where it is served by gRPC while it is up, if it is: a URI. */
    public Path grpcAddress() {
        return path.resolve("grpc-address");
    }

    public Path node(String name) {
        return path.resolve("nodes").resolve(name);
    }

    /** All that workloads have here. */
    public Path workloads() {
        return path.resolve("workloads");
    }

    public Path workload(String id) {
        return workloads().resolve(id);
    }

    /** Files that came with workloads. Where all that workloads have is shared, these are too; no workload's id begins with a dot. */
    public Path files() {
        return workloads().resolve(".files");
    }

    /** Those of a tenant. */
    public Path files(String tenant) {
        return files().resolve(TenantPath.flat(tenant));
    }

    /** One of them. */
    public Path file(String tenant, String sha256) {
        return files(tenant).resolve(sha256);
    }

    /** Deletes all there is of a workload. */
    public void deleteWorkload(String id) throws IOException {
        delete(workload(id));
    }

    /** Deletes a directory and all that is in it, if it is there. */
    public static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    public Path images(String id) {
        return workload(id).resolve("images");
    }

    /** What a workload wrote in one epoch. */
    public Path output(String id, long epoch) {
        return workload(id).resolve("output-" + epoch);
    }

    /** What the agent had to say of itself in one epoch. */
    public Path agentLog(String id, long epoch) {
        return workload(id).resolve("agent-" + epoch + ".log");
    }

    /**
     * Creates the directory if need be, and makes sure that it is this user's alone.
     *
     * @throws IOException if it is not, or its socket's name would be too long
     */
    public void prepare() throws IOException {
        int length = socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH_BYTES) {
            throw new IOException("the pool's socket " + socket() + " would have a name of " + length
                    + " bytes, at most " + MAX_SOCKET_PATH_BYTES + " are possible; choose a shorter --pool");
        }
        createOwned(path);
        requireOwned();
    }

    /** Creates a directory, and those above it, for this user alone. */
    public static void createOwned(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    }

    /** Makes sure that the directory is this user's and nobody else may enter it. */
    public void requireOwned() throws IOException {
        Object user = Files.getAttribute(Path.of(System.getProperty("user.home")), "unix:uid");
        if (Files.exists(Path.of("/proc/self"))) {
            user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        }
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        String permissions =
                PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        if (!owner.equals(user) || !permissions.equals(OWNER_ONLY)) {
            throw new IOException("pool directory " + path + " is not safe: it must belong to user " + user
                    + " with permissions " + OWNER_ONLY + ", but belongs to user " + owner + " with " + permissions
                    + "; put that right or choose another --pool");
        }
    }
}
