package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.integration.program.Advice;
import dev.ingot.integration.program.Executors;
import dev.ingot.integration.program.MeasuredObjects;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that another agent watches, too, is checkpointed, killed and resumed; the other agent does its work all along. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OtherAgentsIT {
    private static final Program PROGRAM = Program.of(Executors.class);
    private static final String SERVING = """
            public final class Serving {
                private static com.sun.net.httpserver.HttpServer server;

                public static void premain(String options) throws Exception {
                    Thread starter = new Thread(Serving::start);
                    // As its own thread is then, which does not keep the JVM from ending.
                    starter.setDaemon(true);
                    starter.start();
                    starter.join();
                    Class.forName("Serving$Rest", true, new Loader());
                }

                private static void start() {
                    try {
                        serve();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }

                private static void serve() throws java.io.IOException {
                    server = com.sun.net.httpserver.HttpServer.create(
                            new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
                    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
                    server.start();
                }

                static final class Rest {
                    static final Runnable TASK = () -> {};
                }

                static final class Loader extends ClassLoader {
                    @Override
                    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                        if (!name.equals("Serving$Rest")) {
                            return super.loadClass(name, resolve);
                        }
                        try (java.io.InputStream in = getResourceAsStream(name + ".class")) {
                            byte[] classFile = in.readAllBytes();
                            return defineClass(name, classFile, 0, classFile.length);
                        } catch (java.io.IOException e) {
                            throw new ClassNotFoundException(name, e);
                        }
                    }
                }
            }
            """;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** Where the other agent stands on the command line. */
    private enum Place {
        BEFORE_INGOT {
            @Override
            void start(ProgramRun run, String other) throws IOException {
                run.startBehind(List.of(other), Jdk.ofThisProcess());
            }

            @Override
            Program prepared(Program program, String other) {
                return program;
            }
        },
        BEHIND_INGOT {
            @Override
            void start(ProgramRun run, String other) throws IOException {
                run.start(Jdk.ofThisProcess());
            }

            @Override
            Program prepared(Program program, String other) {
                return program.with(other);
            }
        };

        abstract void start(ProgramRun run, String other) throws IOException;

        abstract Program prepared(Program program, String other);
    }

    @ParameterizedTest
    @EnumSource
    void measuresCoverageOfAResumedProgram(Place place) throws Exception {
        Path coverage = directory.resolve("coverage");
        String jacoco = "-javaagent:" + jarOf("org.jacoco.agent") + "=destfile=" + coverage;

        goesOn(place.prepared(PROGRAM, jacoco), run -> place.start(run, jacoco));

        assertThat(Files.readString(coverage, StandardCharsets.ISO_8859_1))
                .contains(Executors.class.getName().replace('.', '/'));
    }

    /** It changes the JDK's pools and has threads, listeners and locals of its own, none of which may get into the image. */
    @Test
    void tracesAResumedProgram() throws Exception {
        List<String> opentelemetry = List.of(
                "-javaagent:" + jarOf("opentelemetry-javaagent"),
                "-Dotel.traces.exporter=none",
                "-Dotel.metrics.exporter=none",
                "-Dotel.logs.exporter=none");

        goesOn(PROGRAM, run -> run.startBehind(opentelemetry, Jdk.ofThisProcess()));
    }

    /** What the JVM gave the agent leads to native memory of the JVM that was killed. */
    @Test
    void asksTheJvmForAResumedProgram() throws Exception {
        Path jar = jarOfAgent(MeasuredObjects.class.getName(), Map.of());
        String agent = "-javaagent:" + jar;

        Program program = Program.of(MeasuredObjects.class);
        goesOn(program, program.with(agent), run -> run.startBehind(List.of(agent), Jdk.ofThisProcess()));
    }

    /** It changes classes while the image is read, from which the fields of its own come, too. */
    @Test
    void weavesAspectsIntoAResumedProgram() throws Exception {
        Path aspects = directory.resolve("aspects");
        Files.createDirectories(aspects.resolve("META-INF"));
        Files.writeString(
                aspects.resolve("META-INF/aop.xml"),
                "<aspectj><aspects><aspect name='" + Advice.class.getName() + "'/></aspects></aspectj>");
        Program advised = PROGRAM.seeing(List.of(aspects.toString()));
        List<String> aspectj = List.of("-javaagent:" + jarOf("aspectjweaver"));

        goesOn(advised, run -> run.startBehind(aspectj, Jdk.ofThisProcess()));
    }

    /**
     * An exporter's server and its threads are there before the program, and before Ingot sees what they run; a part of it is in a class loader
     * of its own.
     */
    @Test
    void servesBesideAResumedProgram() throws Exception {
        String agent = "-javaagent:" + jarOfAgent("Serving", compiled("Serving", SERVING));

        goesOn(PROGRAM, run -> run.startBehind(List.of(agent), Jdk.ofThisProcess()));
    }

    private Path jarOfAgent(String premain, Map<String, byte[]> classFiles) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", premain);
        Path file = directory.resolve("agent.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (Map.Entry<String, byte[]> each : classFiles.entrySet()) {
                jar.putNextEntry(new ZipEntry(each.getKey()));
                jar.write(each.getValue());
            }
        }
        return file;
    }

    /** Classes that the program does not have on its class path, by the names of their files. */
    private Map<String, byte[]> compiled(String name, String source) throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-d", classes.toString(), file.toString()))
                .isZero();
        Map<String, byte[]> compiled = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(classes)) {
            for (Path each : all) {
                compiled.put(each.getFileName().toString(), Files.readAllBytes(each));
            }
        }
        return compiled;
    }

    /** The recorder's threads are there before the program, and it looks at the JDK's classes as an agent does. */
    @Test
    void recordsTheFlightOfAResumedProgram() throws Exception {
        Path recording = directory.resolve("flight.jfr");
        Program recorded = PROGRAM.with("-XX:StartFlightRecording=filename=" + recording, "-Xlog:jfr+startup=off");

        goesOn(recorded, run -> run.start(Jdk.ofThisProcess()));

        assertThat(recording).isNotEmptyFile();
    }

    private interface Start {
        void start(ProgramRun run) throws IOException;
    }

    private void goesOn(Program program, Start start) throws Exception {
        goesOn(program, PROGRAM, start);
    }

    /** @param alone the program as it runs plainly */
    private void goesOn(Program program, Program alone, Start start) throws Exception {
        Outcome plain = plain(alone);
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("watched"), brake.on(program))) {
            start.start(run);
            run.awaitLines(10);
            brake.pull();
            Path image = run.checkpoint().directory();
            run.awaitLines(12);
            run.kill();
            brake.release();
            run.separateOutput();
            run.resume(image);
            Outcome outcome = run.awaitOutcome();

            List<String> before = outcome.outputs().get(0);
            List<String> after = outcome.outputs().get(1);
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(plain.output()).startsWith(before.toArray(new String[0])).endsWith(after.toArray(new String[0]));
            assertThat(before.size() + after.size())
                    .isGreaterThanOrEqualTo(plain.output().size());
        }
    }

    private Outcome plain(Program program) throws IOException, InterruptedException {
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program)) {
            run.startPlainly(Jdk.ofThisProcess());
            return run.awaitOutcome();
        }
    }

    private static String jarOf(String artifact) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar") && entry.contains(artifact))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(artifact + " is not on the class path"));
    }
}
