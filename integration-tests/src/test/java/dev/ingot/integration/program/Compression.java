package dev.ingot.integration.program;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A compressed stream that is written, and one that is read, while checksums go along. */
public final class Compression {
    private Compression() {}

    public static void main(String[] arguments) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        CRC32 written = new CRC32();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            for (int round = 0; round < Pace.ROUNDS; round++) {
                byte[] line =
                        ("line " + round + " of many, many lines\n").repeat(50).getBytes(StandardCharsets.UTF_8);
                out.write(line);
                written.update(line);
                Pace.say("wrote " + round + " " + written.getValue());
            }
        }
        CRC32 read = new CRC32();
        byte[] block = new byte[2000];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
            for (int count = in.read(block); count > 0; count = in.read(block)) {
                read.update(block, 0, count);
                Pace.step();
            }
        }
        System.out.println("read " + read.getValue() + " " + (read.getValue() == written.getValue()));
    }
}
