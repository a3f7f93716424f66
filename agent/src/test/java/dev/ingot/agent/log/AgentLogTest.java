package dev.ingot.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void quietWritesErrorsAndEachWarningOnce() {
        var log = new AgentLog(LogLevel.QUIET, written);

        log.warn("disk is slow");
        log.warn("disk is slow");
        log.warn("disk is full");
        log.error("lost");
        log.info("fine");
        log.debug("details");

        assertThat(lines())
                .containsExactly(
                        "[ingot] warning: disk is slow", "[ingot] warning: disk is full", "[ingot] error: lost");
    }

    @Test
    void appendsToAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.log"), "before\n");

        AgentLog.to(LogLevel.QUIET, file).warn("disk is slow");
        AgentLog.to(LogLevel.QUIET, file).error("lost");

        assertThat(file).hasContent("before\n[ingot] warning: disk is slow\n[ingot] error: lost\n");
    }

    @Test
    void infoWritesEveryWarning() {
        var log = new AgentLog(LogLevel.INFO, written);

        log.warn("slow");
        log.warn("slow");
        log.info("done");
        log.debug("details");

        assertThat(lines()).containsExactly("[ingot] warning: slow", "[ingot] warning: slow", "[ingot] done");
    }

    @Test
    void namesTheCausesOfAFailure() {
        new AgentLog(LogLevel.QUIET, written)
                .error("cannot write", new IOException("outer", new IllegalStateException("inner")));

        assertThat(lines())
                .containsExactly("[ingot] error: cannot write (java.io.IOException: outer, caused by "
                        + "java.lang.IllegalStateException: inner)");
    }

    @Test
    void debugWritesStackTraces() {
        new AgentLog(LogLevel.DEBUG, written).debug("look", new IOException("gone"));

        assertThat(lines()).anyMatch(line -> line.contains("at ") && line.contains("debugWritesStackTraces"));
    }

    @Test
    void runsNoCodeOfAnExceptionOfTheProgram() throws ReflectiveOperationException {
        Throwable foreign = Class.forName(Hostile.class.getName(), true, new ChildFirst())
                .asSubclass(Throwable.class)
                .getDeclaredConstructor()
                .newInstance();

        new AgentLog(LogLevel.DEBUG, written).error("cannot call", foreign);

        assertThat(lines()).containsExactly("[ingot] error: cannot call (" + Hostile.class.getName() + ")");
    }

    @Test
    void survivesAStderrThatIsClosed() {
        var broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        };

        new AgentLog(LogLevel.QUIET, broken).error("nobody hears this");

        assertThat(written.size()).isZero();
    }

    private List<String> lines() {
        return written.toString(Charset.defaultCharset()).lines().toList();
    }

    public static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new AssertionError("code of the program ran");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new AssertionError("code of the program ran");
        }
    }

    private static final class ChildFirst extends ClassLoader {
        ChildFirst() {
            super(AgentLogTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Hostile.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (var bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = bytes.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
