package dev.ingot.cli;

import dev.ingot.scheduler.etcd.EtcdClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the journal of a pool is. */
final class EtcdOption {
    @Option(
            names = "--etcd",
            paramLabel = "URL",
            split = ",",
            description = {
                "Keeps the pool's journal in etcd instead of the pool's directory; addresses of its members for clients, with commas. Who"
                        + " runs the pool is elected there, so --standby may be on machines that share nothing but the images."
            })
    private List<URI> members = List.of();

    @Option(
            names = "--etcd-name",
            paramLabel = "NAME",
            defaultValue = "ingot",
            description = "What the pool is called in etcd (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--etcd-ca",
            paramLabel = "FILE",
            description = "Certificates, PEM, of whom to trust to certify --etcd (default: whom Java trusts).")
    private @Nullable Path authorities;

    @Option(
            names = "--etcd-keystore",
            paramLabel = "FILE",
            description =
                    "A certificate and its key, PKCS12, to show to --etcd; its password is in INGOT_KEYSTORE_PASSWORD.")
    private @Nullable Path keyStore;

    /** The right to run the pool. */
    Mandate mandate(PoolDirectory directory) throws IOException {
        if (members.isEmpty()) {
            return new DirectoryMandate(directory);
        }
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("'" + name + "' is no --etcd-name: letters, digits and ._- are");
        }
        return new EtcdMandate(
                new EtcdClient(members, Trust.context(authorities, keyStore)), "/" + name + "/", directory.access());
    }

    /** Where the journal is, for messages. */
    String describe(PoolDirectory directory) {
        return members.isEmpty() ? directory.path().toString() : name + " in etcd";
    }
}
