package dev.ingot.cli;

import dev.ingot.scheduler.etcd.EtcdClient;
import dev.ingot.scheduler.etcd.EtcdStorage;
import dev.ingot.scheduler.etcd.Leadership;
import dev.ingot.scheduler.journal.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** To run a pool whose journal is in etcd: a lease there. */
final class EtcdMandate implements Mandate {
    private final EtcdClient etcd;
    private final String prefix;
    private final SharedFile grants;
    private @Nullable Leadership leadership;

    /** @param grants the file that says who may do what */
    EtcdMandate(EtcdClient etcd, String prefix, Path grants) {
        this.grants = new SharedFile(grants);
        this.etcd = etcd;
        this.prefix = prefix;
    }

    @Override
    public boolean tryTake() throws IOException {
        if (leadership == null) {
            leadership = Leadership.tryAcquire(
                    etcd,
                    prefix,
                    InetAddress.getLocalHost().getHostName() + " "
                            + ProcessHandle.current().pid());
        }
        return leadership != null;
    }

    @Override
    public Storage journal() {
        return new EtcdStorage(etcd, prefix, null);
    }

    @Override
    public Storage ownJournal() {
        return new EtcdStorage(etcd, prefix, leadership);
    }

    @Override
    public void receiveGrants() throws IOException {
        grants.receive(journal());
    }

    @Override
    public void publishGrants() throws IOException {
        grants.publish(ownJournal());
    }

    @Override
    public void close() throws IOException {
        if (leadership != null) {
            leadership.close();
        }
    }
}
