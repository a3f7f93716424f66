package dev.ingot.scheduler.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path directory;

    @Test
    void whoHasATokenIsKnownUntilItIsRevoked() throws IOException {
        AccessFile file = new AccessFile(directory.resolve("access.json"));
        Access access = new Access(file);
        String token = Token.create();
        assertThat(access.byToken(token)).isEmpty();

        Identity alice = new Identity("alice", Role.OPERATOR, "team-a");
        file.change(grants -> plus(grants, new Grant(alice, Token.hash(token), null)));
        file.change(grants -> plus(grants, new Grant(new Identity("bob", Role.VIEWER, null), null, "CN=bob")));

        await().atMost(Duration.ofMinutes(2)).until(() -> access.byToken(token).isPresent());
        assertThat(access.byToken(token)).contains(alice);
        assertThat(access.byToken(Token.create())).isEmpty();
        assertThat(access.byCertificate("CN=bob")).isPresent();
        assertThat(access.byCertificate("CN=eve")).isEmpty();
        file.change(grants -> List.of());
        await().atMost(Duration.ofMinutes(2)).until(() -> access.byToken(token).isEmpty());
    }

    @Test
    void aFileThatIsBrokenWhileThePoolRunsChangesNothing() throws IOException {
        AccessFile file = new AccessFile(directory.resolve("access.json"));
        String token = Token.create();
        file.change(grants -> plus(grants, new Grant(new Identity("a", Role.ADMIN, null), Token.hash(token), null)));
        Access access = new Access(file);

        Files.writeString(file.path(), "{");

        await().during(java.time.Duration.ofMillis(1500))
                .until(() -> access.byToken(token).isPresent());
        assertThatThrownBy(() -> new Access(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("access.json");
    }

    @Test
    void theFileIsItsOwnersAloneAndHoldsNoToken() throws IOException {
        AccessFile file = new AccessFile(directory.resolve("access.json"));
        String token = Token.create();
        file.change(grants -> plus(grants, new Grant(new Identity("a", Role.ADMIN, null), Token.hash(token), null)));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file.path())).doesNotContain(token).contains(Token.hash(token));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new Identity("a", Role.ADMIN, "team")).hasMessageContaining("belong to no tenant");
        Identity viewer = new Identity("a", Role.VIEWER, null);
        assertThatThrownBy(() -> new Grant(viewer, null, null)).hasMessageContaining("token or a certificate");
        assertThatThrownBy(() -> new Grant(viewer, "plain", null)).hasMessageContaining("SHA-256");
        assertThatThrownBy(() -> new Grant(new Identity("../a", Role.VIEWER, null), null, "CN=a"))
                .hasMessageContaining("name '../a'");
    }

    @Test
    void rolesIncludeWeakerOnes() {
        assertThat(new Identity("a", Role.OPERATOR, null).may(Role.VIEWER)).isTrue();
        assertThat(new Identity("a", Role.OPERATOR, null).may(Role.ADMIN)).isFalse();
        assertThat(new Identity("a", Role.VIEWER, "x").knows("y")).isFalse();
        assertThat(new Identity("a", Role.VIEWER, null).knows("y")).isTrue();
    }

    @Test
    void aClientThatAsksTooOftenWaitsAndOthersDoNot() {
        RequestLimit limit = new RequestLimit(10, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(limit.admits("a", 0)).isTrue();
        }

        assertThat(limit.admits("a", 0)).isFalse();
        assertThat(limit.admits("b", 0)).isTrue();
        assertThat(limit.admits("a", SECOND / 20)).isFalse();
        assertThat(limit.admits("a", SECOND / 5)).isTrue();
    }

    @Test
    void clientsWithoutNumberTakeNoRoomWithoutBound() {
        RequestLimit limit = new RequestLimit(1, 1);
        for (int i = 0; i < 100_000; i++) {
            limit.admits("client " + i, 0);
        }
        // It has asked last, so it is not the one that was forgotten.
        assertThat(limit.admits("client 99999", 0)).isFalse();
        assertThat(limit.admits("client 0", 0)).isTrue();
    }

    private static List<Grant> plus(List<Grant> grants, Grant grant) {
        List<Grant> all = new ArrayList<>(grants);
        all.add(grant);
        return all;
    }
}
