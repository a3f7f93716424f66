package dev.ingot.accelerator.rtl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What the cards are built with here, as far as the state of a core depends on it: Verilator decides which variables there are and in which
 * order they are saved, the compiler's target how wide they are and which byte comes first.
 */
final class Toolchain {
    /** Of this machine; asked once. */
    static final Toolchain HERE = new Toolchain(said("verilator", "--version") + said("g++", "-dumpmachine"));

    private final String id;

    private Toolchain(String text) {
        id = HexFormat.of().formatHex(Sources.hash(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Of a tool that does not answer it is told when it is to build something. */
    private static String said(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    /** A name that fits into a path. */
    String id() {
        return id;
    }
}
