package dev.ingot.integration.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.integration.Trials;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Spring Boot application with Tomcat, sessions, HikariCP and H2, under requests. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SpringBootIT {
    private static final Path SHOP = Path.of("..", "samples", "web", "target", "shop.jar");

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** How the application is deployed. */
    private enum Form {
        /** All libraries on the class path. */
        CLASS_PATH,
        /** One jar with the libraries in it, loaded by a class loader of Spring Boot's. */
        EXECUTABLE_JAR
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void keepsItsSessionsAndAnswersTheNextRequest(Form form) throws Exception {
        try (ProgramRun shop = ProgramRun.in(directory, application(form))) {
            shop.start(Jdk.ofThisProcess(), "name=shop");
            Customer customer = new Customer(shop);
            assertThat(customer.adds("bread")).isEqualTo(1);

            Path image;
            try (BusyCustomer busy = BusyCustomer.of(new Customer(shop))) {
                busy.awaitAnswers(5);
                image = shop.checkpoint().directory();
                busy.awaitAnswers(5);
            }
            assertThat(customer.adds("milk")).isEqualTo(2);

            shop.kill();
            shop.separateOutput();
            shop.resume(image);
            assertThat(customer.adds("wine"))
                    .as("the milk came after the checkpoint")
                    .isEqualTo(2);

            Path second = shop.suspend().directory();
            shop.separateOutput();
            shop.resume(second);
            assertThat(customer.adds("cheese")).isEqualTo(3);
            assertThat(new Customer(shop).adds("fish")).isEqualTo(1);
        }
    }

    private Program application(Form form) throws IOException {
        List<String> options = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");
        List<String> arguments = List.of("--server.port=0", "--spring.main.banner-mode=off");
        if (form == Form.EXECUTABLE_JAR) {
            return new Program(SHOP.toRealPath().toString(), and(options, "-jar"), arguments);
        }
        Path content = unpacked();
        return new Program(
                "dev.ingot.samples.web.Shop",
                and(options, "-cp", content.resolve("classes") + ":" + content.resolve("lib") + "/*"),
                arguments);
    }

    private static List<String> and(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    private Path unpacked() throws IOException {
        try (JarInputStream jar = new JarInputStream(Files.newInputStream(SHOP))) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                Path file = directory.resolve(entry.getName());
                if (entry.getName().startsWith("BOOT-INF/") && !entry.isDirectory()) {
                    Files.createDirectories(file.getParent());
                    Files.copy(jar, file);
                }
            }
        }
        return directory.resolve("BOOT-INF").toRealPath();
    }
}
