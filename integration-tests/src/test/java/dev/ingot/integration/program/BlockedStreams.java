package dev.ingot.integration.program;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PushbackReader;
import java.io.SequenceInputStream;
import java.io.StreamTokenizer;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Threads that wait all the time for what comes through streams of the JDK: objects, pipes, compressed, encrypted, by HTTP. */
public final class BlockedStreams {
    private static final String[] NO_CERTIFICATES = {"TLS_ECDH_anon_WITH_AES_128_CBC_SHA"};
    private static final CountDownLatch ANSWERED = new CountDownLatch(1);

    private final List<Reader> readers = new ArrayList<>();
    private final List<Work> writers = new ArrayList<>();

    private BlockedStreams() {}

    private interface Work {
        void run() throws IOException;
    }

    private interface Question {
        Object ask() throws IOException, ReflectiveOperationException;
    }

    /** Keeps what it was told. */
    private static final class Reader extends Thread {
        private final Question question;
        private Object answer = "none";

        Reader(String name, Question question) {
            super(name);
            this.question = question;
        }

        @Override
        public void run() {
            try {
                answer = question.ask();
            } catch (IOException | ReflectiveOperationException failure) {
                answer = failure;
            }
        }
    }

    private void read(String name, Question question) {
        Reader reader = new Reader(name, question);
        readers.add(reader);
        reader.start();
    }

    private void objects() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket near = new Socket(listener.getInetAddress(), listener.getLocalPort());
            Socket far = listener.accept();
            ObjectOutputStream out = new ObjectOutputStream(near.getOutputStream());
            out.flush();
            ObjectInputStream in = new ObjectInputStream(far.getInputStream());
            read("objects", () -> List.of(in.readObject(), in.readInt(), in.readObject()));
            writers.add(() -> {
                out.writeObject(new int[] {1, 2, 3}.length + " numbers");
                out.writeInt(42);
                out.writeObject(List.of("a", "b"));
                out.flush();
            });
        }
    }

    private void pipes() throws IOException {
        PipedOutputStream out = new PipedOutputStream();
        DataInputStream in = new DataInputStream(new PipedInputStream(out));
        read("pipe", in::readUTF);
        writers.add(() -> new DataOutputStream(out).writeUTF("through a pipe"));
        PipedOutputStream second = new PipedOutputStream();
        InputStream both = new SequenceInputStream(
                new ByteArrayInputStream("first ".getBytes(StandardCharsets.UTF_8)), new PipedInputStream(second));
        StreamTokenizer tokens = new StreamTokenizer(
                new PushbackReader(new BufferedReader(new InputStreamReader(both, StandardCharsets.UTF_8))));
        read("tokens", () -> {
            StringBuilder words = new StringBuilder();
            while (tokens.nextToken() == StreamTokenizer.TT_WORD) {
                words.append(tokens.sval).append(';');
            }
            return words.toString();
        });
        writers.add(() -> {
            second.write("second third".getBytes(StandardCharsets.UTF_8));
            second.close();
        });
    }

    private void compressed() throws IOException {
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out);
        GZIPOutputStream zipped = new GZIPOutputStream(out, true);
        zipped.write("com".getBytes(StandardCharsets.UTF_8));
        zipped.flush();
        GZIPInputStream unzipped = new GZIPInputStream(in);
        read("compressed", () -> new String(unzipped.readAllBytes(), StandardCharsets.UTF_8));
        writers.add(() -> {
            zipped.write("pressed".getBytes(StandardCharsets.UTF_8));
            zipped.close();
        });
    }

    private void encrypted() throws IOException, GeneralSecurityException {
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        SSLContext context = SSLContext.getInstance("TLSv1.2");
        context.init(null, null, null);
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listener.setEnabledCipherSuites(NO_CERTIFICATES);
        SSLSocket near =
                (SSLSocket) context.getSocketFactory().createSocket(listener.getInetAddress(), listener.getLocalPort());
        near.setEnabledCipherSuites(NO_CERTIFICATES);
        SSLSocket far = (SSLSocket) listener.accept();
        read(
                "encrypted",
                () -> new DataInputStream(far.getInputStream()).readUTF()
                        + far.getSession().getProtocol());
        OutputStream out = near.getOutputStream();
        out.flush();
        near.startHandshake();
        writers.add(() -> {
            new DataOutputStream(out).writeUTF("a secret by ");
            out.flush();
            listener.close();
        });
    }

    private void http() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.createContext("/", exchange -> {
            try {
                ANSWERED.await();
            } catch (InterruptedException unexpected) {
                throw new IOException(unexpected);
            }
            byte[] answer = "an answer".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        InetSocketAddress address = server.getAddress();
        URL url = new URL("http", address.getAddress().getHostAddress(), address.getPort(), "/");
        read("http", () -> {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            try (InputStream in = connection.getInputStream()) {
                return connection.getResponseCode() + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        });
        writers.add(() -> {
            ANSWERED.countDown();
            server.stop(1);
        });
    }

    private void run() throws InterruptedException, IOException {
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        for (Work writer : writers) {
            writer.run();
        }
        for (Reader reader : readers) {
            reader.join();
            System.out.println(reader.getName() + ": " + reader.answer);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, GeneralSecurityException {
        BlockedStreams streams = new BlockedStreams();
        streams.objects();
        streams.pipes();
        streams.compressed();
        streams.encrypted();
        streams.http();
        streams.run();
    }
}
