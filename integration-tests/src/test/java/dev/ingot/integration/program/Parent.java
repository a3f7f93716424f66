package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has a child process until there is a file 'finish'. */
public final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Process child = new ProcessBuilder("cat").start();
        System.out.println("begun");
        while (!Files.exists(Path.of("finish"))) {
            Thread.sleep(20);
        }
        child.destroy();
        child.waitFor();
        System.out.println("end");
    }
}
