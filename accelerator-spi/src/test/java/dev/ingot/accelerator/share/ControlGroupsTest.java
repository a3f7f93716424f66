package dev.ingot.accelerator.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of limits, with files as the kernel has them. */
class ControlGroupsTest {
    @TempDir
    private Path directory;

    private ControlGroups groups(String memberships) throws IOException {
        write("memberships", memberships);
        return new ControlGroups(directory.resolve("mounts"), directory.resolve("memberships"));
    }

    private void write(String file, String content) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, content + "\n");
    }

    @Test
    void nothingLimitsWhereThereAreNone() throws Exception {
        ControlGroups none = new ControlGroups(directory.resolve("none"), directory.resolve("none"));

        assertThat(none.limit()).isEqualTo(Long.MAX_VALUE);
        assertThat(none.free()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aContainerSeesItsOwnGroupAsTheOutermost() throws Exception {
        write("mounts/memory.max", "1000");
        write("mounts/memory.current", "700");
        write("mounts/memory.stat", "anon 500\ninactive_file 20\nactive_file 30\nactive_anon 7");
        ControlGroups groups = groups("0::/");

        assertThat(groups.limit()).isEqualTo(1000);
        assertThat(groups.free()).isEqualTo(350);
    }

    @Test
    void theGroupsAroundLimitToo() throws Exception {
        write("mounts/a/memory.max", "1000");
        write("mounts/a/memory.current", "900");
        write("mounts/a/b/memory.max", "800");
        write("mounts/a/b/memory.current", "300");
        write("mounts/a/b/c/memory.max", "max");
        write("mounts/a/b/c/memory.current", "300");
        ControlGroups groups = groups("1:name=other:/x\n0::/a/b/c");

        assertThat(groups.limit()).isEqualTo(800);
        assertThat(groups.free()).isEqualTo(100);
    }

    @Test
    void readsTheFirstVersion() throws Exception {
        write("mounts/memory/memory.limit_in_bytes", "9223372036854771712");
        write("mounts/memory/memory.usage_in_bytes", "5000");
        write("mounts/memory/box/memory.limit_in_bytes", "1000");
        write("mounts/memory/box/memory.usage_in_bytes", "600");
        write("mounts/memory/box/memory.stat", "inactive_file 1\ntotal_inactive_file 10\ntotal_active_file 5");
        ControlGroups groups = groups("3:cpu,cpuacct:/else\n2:hugetlb,memory:/box");

        assertThat(groups.limit()).isEqualTo(1000);
        assertThat(groups.free()).isEqualTo(415);
    }

    /** Where the group is outside of what the container sees. */
    @Test
    void aGroupThatCannotBeSeenIsPassedOver() throws Exception {
        write("mounts/memory.max", "1000");
        write("mounts/memory.current", "1");
        write("memory.max", "7");

        assertThat(groups("0::/../..").limit()).isEqualTo(1000);
    }
}
