package dev.ingot.core.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The directory of a user's control sockets, {@code PID.sock} each. Immutable.
 *
 * <p>By default {@code ingot-UID} in {@code $INGOT_CONTROL_DIR} or {@code /tmp}: not in {@code java.io.tmpdir}, which the two
 * ends may have set differently. Nobody but the owner may enter it; one that anybody else made or may enter is refused.
 */
public final class ControlDirectory {
    /** The variable that names another place for the directories of all users. */
    public static final String VARIABLE = "INGOT_CONTROL_DIR";

    private static final String DEFAULT_BASE = "/tmp";
    private static final String SUFFIX = ".sock";
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final int MAX_PID_DIGITS = 10;
    // What the operating system's address structure holds, less the closing zero.
    private static final int MAX_SOCKET_PATH_BYTES = 103;

    private final Path path;

    private ControlDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** The directory {@code path} itself, for a process that was told to use it. */
    public static ControlDirectory at(Path path) {
        return new ControlDirectory(path);
    }

    /** The usual directory of the user this process runs as. */
    public static ControlDirectory ofThisUser() throws ControlException {
        return ofUser(thisUser());
    }

    /** The usual directory of the user whose process {@code pid} is; this user's if there is no telling. */
    public static ControlDirectory ofProcess(long pid) throws ControlException {
        Path process = Path.of("/proc", Long.toString(pid));
        return Files.exists(process) ? ofUser(owner(process)) : ofThisUser();
    }

    private static ControlDirectory ofUser(int user) {
        String base = System.getenv(VARIABLE);
        return new ControlDirectory(Path.of(base == null || base.isEmpty() ? DEFAULT_BASE : base, "ingot-" + user));
    }

    private static int thisUser() throws ControlException {
        Path self = Path.of("/proc/self");
        return owner(Files.exists(self) ? self : Path.of(System.getProperty("user.home", "/")));
    }

    private static int owner(Path file) throws ControlException {
        try {
            return (int) Files.getAttribute(file, "unix:uid");
        } catch (IOException | UnsupportedOperationException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE,
                    "cannot tell whose " + file + " is: " + failure.getMessage() + "; control needs a Unix system",
                    failure);
        }
    }

    public Path path() {
        return path;
    }

    /** The socket of a process. */
    public Path socket(long pid) {
        return path.resolve(pid + SUFFIX);
    }

    /** The processes that have, or had, a socket here, sorted. */
    public List<Long> pids() throws ControlException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                long pid = pidOf(entry.getFileName().toString());
                if (pid > 0) {
                    pids.add(pid);
                }
            }
        } catch (NoSuchFileException nothingStartedYet) {
            return pids;
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE, "cannot list " + path + ": " + failure.getMessage(), failure);
        }
        Collections.sort(pids);
        return pids;
    }

    /** The process whose socket has this name; 0 if it is not the name of a socket. Every start would pay for a pattern. */
    private static long pidOf(String fileName) {
        int length = fileName.length() - SUFFIX.length();
        if (length <= 0 || length > MAX_PID_DIGITS || !fileName.endsWith(SUFFIX)) {
            return 0;
        }
        long pid = 0;
        for (int i = 0; i < length; i++) {
            char digit = fileName.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            pid = pid * 10 + (digit - '0');
        }
        return pid;
    }

    /** Removes the socket of a process that is dead. */
    public void forget(long pid) throws ControlException {
        try {
            Files.deleteIfExists(socket(pid));
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE,
                    "cannot remove the socket " + socket(pid) + " of a dead process: " + failure.getMessage(),
                    failure);
        }
    }

    /** Makes sure that the directory, if it exists, is safe to use. */
    public void check() throws ControlException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            requireSafe();
        }
    }

    /** Creates the directory if need be, and makes sure that it is safe. */
    void prepare(long pid) throws ControlException {
        requireShort(socket(pid));
        try {
            Files.createDirectories(path.getParent());
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException usual) {
            requireSafe();
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE,
                    "cannot create " + path + ": " + failure.getMessage() + "; name another place in " + VARIABLE,
                    failure);
        }
    }

    private static void requireShort(Path socket) throws ControlException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH_BYTES) {
            throw new ControlException(
                    FailureCode.UNREACHABLE,
                    "cannot open the control socket " + socket + ": its name has " + length + " bytes, at most "
                            + MAX_SOCKET_PATH_BYTES + " are possible; name a shorter directory in " + VARIABLE);
        }
    }

    /** Makes sure that the directory is one, belongs to this user and lets nobody else in; root may use anybody's. */
    void requireSafe() throws ControlException {
        try {
            int user = thisUser();
            int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
            if (!directory || (owner != user && user != 0) || !OWNER_ONLY.containsAll(permissions)) {
                throw new ControlException(
                        FailureCode.UNREACHABLE,
                        "control directory " + path + " is not safe: it must be a directory of user " + user
                                + " that nobody else may enter, but belongs to user " + owner + " with permissions "
                                + PosixFilePermissions.toString(permissions) + "; remove it, or name another place in "
                                + VARIABLE);
            }
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE, "cannot look at " + path + ": " + failure.getMessage(), failure);
        }
    }
}
