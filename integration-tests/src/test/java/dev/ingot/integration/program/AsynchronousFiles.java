package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;

/** Writes and reads files by asynchronous channels, with futures in the JDK's pool and with handlers in one of its own. */
public final class AsynchronousFiles {
    private AsynchronousFiles() {}

    /** Hands over how much was transferred, after a while. */
    private static final class Slowly implements CompletionHandler<Integer, String> {
        private final SynchronousQueue<String> results;

        Slowly(SynchronousQueue<String> results) {
            this.results = results;
        }

        @Override
        public void completed(Integer bytes, String what) {
            Pace.step();
            tell(what + " " + bytes);
        }

        @Override
        public void failed(Throwable failure, String what) {
            tell(what + " failed: " + failure);
        }

        private void tell(String result) {
            try {
                results.put(result);
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException("nobody interrupts this program", unexpected);
            }
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Path file = Files.createTempFile("asynchronous", "");
        ExecutorService own = Executors.newFixedThreadPool(2);
        SynchronousQueue<String> results = new SynchronousQueue<>();
        Slowly slowly = new Slowly(results);
        try (AsynchronousFileChannel writer = AsynchronousFileChannel.open(file, StandardOpenOption.WRITE);
                AsynchronousFileChannel reader =
                        AsynchronousFileChannel.open(file, Set.of(StandardOpenOption.READ), own)) {
            for (int round = 0; round < Pace.ROUNDS; round++) {
                byte[] line = ("line " + round).getBytes(StandardCharsets.UTF_8);
                int written = writer.write(ByteBuffer.wrap(line), round * 10L).get();
                ByteBuffer read = ByteBuffer.allocate(10);
                reader.read(read, round * 10L, "read", slowly);
                Pace.say(written + " " + results.take() + " "
                        + new String(read.array(), 0, read.position(), StandardCharsets.UTF_8));
            }
            System.out.println(reader.size() + " " + writer.isOpen());
        }
        own.shutdown();
        Files.delete(file);
    }
}
