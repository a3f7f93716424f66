package dev.ingot.accelerator.share;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the control groups of this process, such as that of a container, leave it of the machine's memory. In bytes. */
final class ControlGroups {
    private final Path mounts;
    private final Path memberships;

    /** How the versions of control groups call things. */
    private enum Version {
        FIRST("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),
        SECOND("", "memory.max", "memory.current", "");

        /** The directory in which the groups are, where they are. */
        final String mount;

        final String limit;
        final String used;
        /** Of what is counted with the groups within. */
        final String prefix;

        Version(String mount, String limit, String used, String prefix) {
            this.mount = mount;
            this.limit = limit;
            this.used = used;
            this.prefix = prefix;
        }
    }

    private record Group(Version version, Path directory) {}

    ControlGroups() {
        this(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
    }

    ControlGroups(Path mounts, Path memberships) {
        this.mounts = mounts;
        this.memberships = memberships;
    }

    /** The most that this process can have together with all that are in one of its groups; without end where there is no limit. */
    long limit() throws IOException {
        long limit = Long.MAX_VALUE;
        for (Group group : groups()) {
            limit = Math.min(limit, limit(group));
        }
        return limit;
    }

    /**
     * How much of it can be had at present; without end where there is no limit. What a group has of files does not count as used, because
     * the system takes it back.
     */
    long free() throws IOException {
        long free = Long.MAX_VALUE;
        for (Group group : groups()) {
            long limit = limit(group);
            if (limit != Long.MAX_VALUE) {
                free = Math.min(free, limit - number(group, group.version.used, 0) + files(group));
            }
        }
        return free;
    }

    /** Those of both versions, for a machine may have both. A container sees its own where elsewhere the outermost is. */
    private List<Group> groups() throws IOException {
        List<Group> groups = new ArrayList<>();
        for (Version version : Version.values()) {
            Path outermost = mounts.resolve(version.mount);
            groups.add(new Group(version, outermost));
            Path own = Path.of(membership(version)).normalize();
            if (!own.startsWith("..")) {
                for (int names = 1; names <= own.getNameCount(); names++) {
                    groups.add(new Group(version, outermost.resolve(own.subpath(0, names))));
                }
            }
        }
        return groups;
    }

    private String membership(Version version) throws IOException {
        if (Files.isReadable(memberships)) {
            for (String line : Files.readAllLines(memberships)) {
                String[] parts = line.split(":", 3);
                if (List.of(parts[1].split(",", -1)).contains(version.mount)) {
                    return parts[2].substring(1);
                }
            }
        }
        return "";
    }

    private static long limit(Group group) throws IOException {
        return number(group, group.version.limit, Long.MAX_VALUE);
    }

    private static long number(Group group, String file, long otherwise) throws IOException {
        Path path = group.directory.resolve(file);
        if (!Files.isReadable(path)) {
            return otherwise;
        }
        String text = Files.readString(path).strip();
        return text.equals("max") ? otherwise : Long.parseLong(text);
    }

    private static long files(Group group) throws IOException {
        Path path = group.directory.resolve("memory.stat");
        long files = 0;
        if (Files.isReadable(path)) {
            for (String line : Files.readAllLines(path)) {
                String[] words = line.split(" ", 2);
                if (words[0].equals(group.version.prefix + "active_file")
                        || words[0].equals(group.version.prefix + "inactive_file")) {
                    files += Long.parseLong(words[1]);
                }
            }
        }
        return files;
    }
}
