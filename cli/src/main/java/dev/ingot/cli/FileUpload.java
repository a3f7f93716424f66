package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.wire.ImageParts;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Brings a file to the pool, unless it is there; what has come of it before is gone on with. */
final class FileUpload {
    /** A pool lets each tenant ask a hundred times a second; others want to ask as well. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(12);

    private FileUpload() {}

    static void send(PoolClient client, String tenant, ShippedFile file, Path path)
            throws CommandException, PoolException, JsonException {
        String place = "/v1/tenants/" + tenant + "/files/" + file.sha256() + "?size=" + file.bytes() + "&from=";
        try (FileChannel content = FileChannel.open(path)) {
            long come = length(client.send(place + 0, new byte[0]));
            while (come < file.bytes()) {
                long begun = System.nanoTime();
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(ImageParts.MOST_BYTES, file.bytes() - come));
                if (content.read(bytes, come) < 0) {
                    throw new CommandException("cannot ship " + path + ": it has become shorter");
                }
                come = length(client.send(place + come, Arrays.copyOf(bytes.array(), bytes.position())));
                LockSupport.parkNanos(PAUSE_NANOS - (System.nanoTime() - begun));
            }
        } catch (IOException unreadable) {
            throw new CommandException("cannot ship " + path + ": " + unreadable, unreadable);
        }
    }

    private static long length(JsonObject answer) throws JsonException {
        return answer.integer("length");
    }
}
