package dev.ingot.integration.program;

import java.io.BufferedReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files open for appending, for reading, at random, through a channel and mapped. */
public final class OpenFiles {
    private static final int SIZE = 4096;

    private OpenFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path source = Path.of("source.txt");
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < 5000; line++) {
            lines.append("source line ").append(line).append('\n');
        }
        Files.writeString(source, lines);
        try (PrintWriter log = new PrintWriter(new FileWriter("log.txt", StandardCharsets.UTF_8, true));
                BufferedReader reader = Files.newBufferedReader(source);
                RandomAccessFile random = new RandomAccessFile("random.bin", "rw");
                FileChannel channel =
                        FileChannel.open(Path.of("channel.bin"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            work(log, reader, random, channel);
        }
    }

    private static void work(PrintWriter log, BufferedReader reader, RandomAccessFile random, FileChannel channel)
            throws IOException {
        MappedByteBuffer map = mapped();
        random.setLength(SIZE);
        long hash = 0;
        for (int round = 0; round < Pace.ROUNDS; round++) {
            String line = String.valueOf(reader.readLine());
            hash = hash * 31 + line.length() + round;
            log.println(line + " " + hash);
            if (round % 7 == 0) {
                log.flush();
            }
            random.seek(round * 8L);
            random.writeLong(hash);
            ByteBuffer bytes =
                    ByteBuffer.allocateDirect(16).putLong(hash).putLong(round).flip();
            channel.write(bytes);
            map.putLong(round * 8, hash);
            Pace.say(
                    line + " " + random.getFilePointer() + " " + channel.position() + " " + map.getLong(round / 2 * 8));
        }
        map.force();
    }

    private static MappedByteBuffer mapped() throws IOException {
        try (FileChannel channel = FileChannel.open(
                Path.of("mapped.bin"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        }
    }
}
