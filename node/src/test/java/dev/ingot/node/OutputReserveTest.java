package dev.ingot.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room for output that is there before it is written. */
class OutputReserveTest {
    @TempDir
    private Path directory;

    private Path output;

    @BeforeEach
    void name() {
        output = directory.resolve("output-2");
    }

    @Test
    void holdsRoomBehindTheEndThatNobodySees() throws Exception {
        Files.writeString(output, "begun\n");
        OutputReserve reserve = new OutputReserve(output);

        assertThat(reserve.hold()).isTrue();

        assertThat(Files.readString(output)).isEqualTo("begun\n");
        assertThat(allocated(output)).isGreaterThanOrEqualTo(OutputReserve.LEAST);
    }

    @Test
    void givesBackWhatWasNotUsedAndWhatOthersHaveLeft() throws Exception {
        Path earlier = directory.resolve("output-1");
        assertThat(new OutputReserve(earlier).hold()).isTrue();
        Files.writeString(output, "all\n");
        OutputReserve reserve = new OutputReserve(output);
        assertThat(reserve.hold()).isTrue();

        reserve.releaseEarlier();
        assertThat(allocated(earlier)).isZero();
        assertThat(allocated(output)).isGreaterThanOrEqualTo(OutputReserve.LEAST);

        reserve.release();
        assertThat(allocated(output)).isLessThan(OutputReserve.LEAST);
        assertThat(Files.readString(output)).isEqualTo("all\n");
    }

    @Test
    void lacksRoomOnAFullDiskUntilThereIsSome() throws Exception {
        Path full = Files.createFile(directory.resolve("full"));
        OutputReserve reserve = new OutputReserve(
                output, command("[ ! -e " + full + " ] || { echo 'No space left on device'; exit 1; }"));
        assertThat(reserve.hold()).isFalse();

        Files.delete(full);

        await().atMost(Duration.ofMinutes(1)).until(reserve::hold);
    }

    @Test
    void usesUpWhatItHasBeforeItLacksRoom() throws Exception {
        Path full = directory.resolve("full");
        OutputReserve reserve = new OutputReserve(
                output, command("[ ! -e " + full + " ] || { echo 'No space left on device'; exit 1; }"));
        assertThat(reserve.hold()).isTrue();
        Files.createFile(full);

        Files.write(output, new byte[(int) OutputReserve.LEAST / 2]);
        assertThat(reserve.hold()).isTrue();
        Files.write(output, new byte[(int) OutputReserve.LEAST - 100]);
        assertThat(reserve.hold()).isFalse();
    }

    @Test
    void doesWithoutWhereTheFileSystemCannot() throws Exception {
        OutputReserve reserve =
                new OutputReserve(output, command("echo 'fallocate failed: Operation not supported'; exit 1"));

        assertThat(reserve.hold()).isTrue();
        assertThat(new OutputReserve(output, directory.resolve("missing").toString()).hold())
                .isTrue();
    }

    private String command(String script) throws Exception {
        Path command = Files.createTempFile(
                directory,
                "command",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(command, "#!/bin/sh\n" + script + "\n");
        return command.toString();
    }

    /** How many bytes of the disk a file has. */
    private static long allocated(Path file) throws Exception {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        String blocks = new String(stat.getInputStream().readAllBytes(), UTF_8).strip();
        return Long.parseLong(blocks) * 512;
    }
}
