package dev.ingot.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Says how it was started. Its first argument says what to do then: {@code exit}, {@code read} or {@code wait}. */
final class EchoProgram {
    static final int EXIT_CODE = 42;

    private EchoProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.out.println("pid=" + ProcessHandle.current().pid());
        System.out.println("directory=" + Path.of("").toRealPath());
        System.out.println("agent=" + System.getProperty(EchoAgent.OPTIONS));
        System.out.println("x=" + System.getProperty("x"));
        System.out.println("variables=" + System.getenv("CLASSPATH") + " " + System.getenv("JDK_JAVA_OPTIONS"));
        for (String argument : arguments) {
            System.out.println("argument=" + argument.replace("\n", "\\n"));
        }
        if (arguments[0].equals("read")) {
            System.out.println("read=" + new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        }
        if (arguments[0].equals("wait")) {
            System.out.println("waiting");
            new CountDownLatch(1).await();
        }
        System.exit(EXIT_CODE);
    }
}
