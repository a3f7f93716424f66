package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.Company;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class JdkStateTest {

    @Test
    void leavesOutSecretSystemProperties() throws Exception {
        System.setProperty("ingot.test.password", "hunter2");
        System.setProperty("ingot.test.user", "me");
        try {
            Object state = JdkState.captureState("ingot.test.password"::equals);
            System.setProperty("ingot.test.password", "fresh");
            System.clearProperty("ingot.test.user");

            JdkState.restoreState(state);

            assertThat(System.getProperty("ingot.test.password")).isEqualTo("fresh");
            assertThat(System.getProperty("ingot.test.user")).isEqualTo("me");
        } finally {
            System.clearProperty("ingot.test.password");
            System.clearProperty("ingot.test.user");
        }
    }

    @Test
    void leavesWhatAPoolTellsToTheNewJvm() throws Exception {
        Company.tell("0-2");
        try {
            Object state = JdkState.captureState();
            Company.tell("0,2");

            JdkState.restoreState(state);

            assertThat(System.getProperty("ingot.gang.running")).isEqualTo("0,2");
        } finally {
            System.clearProperty("ingot.gang.running");
        }
    }

    @Test
    void bringsBackPropertiesTheProgramSetOrRemoved() throws Exception {
        String vendor = System.getProperty("java.vendor.url");
        System.setProperty("program.own", "1");
        System.setProperty("user.name", "changed");
        System.clearProperty("java.vendor.url");
        Object state = JdkState.captureState();
        System.clearProperty("program.own");
        System.setProperty("user.name", "of the new JVM");
        System.setProperty("java.vendor.url", vendor);
        System.setProperty("java.home.mark", "new");

        JdkState.restoreState(state);

        assertThat(System.getProperty("program.own")).isEqualTo("1");
        assertThat(System.getProperty("user.name")).isEqualTo("changed");
        assertThat(System.getProperty("java.vendor.url")).isNull();
        System.setProperty("java.vendor.url", vendor);
    }

    @Test
    void leavesWhatTheJvmStartedWithToTheNewJvm() throws Exception {
        String home = System.getProperty("java.home");
        Object state = JdkState.captureState();
        System.setProperty("java.home", "of the new JVM");
        try {
            JdkState.restoreState(state);

            assertThat(System.getProperty("java.home")).isEqualTo("of the new JVM");
        } finally {
            System.setProperty("java.home", home);
        }
    }

    @Test
    void bringsBackDefaultLocalesAndZone() throws Exception {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            Object state = JdkState.captureState();
            Locale.setDefault(Locale.US);
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));

            JdkState.restoreState(state);

            assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.GERMANY);
            assertThat(TimeZone.getDefault().getID()).isEqualTo("Asia/Tokyo");
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void bringsBackReplacedStreamsAndHandlers() throws Exception {
        PrintStream err = System.err;
        Thread.UncaughtExceptionHandler handler = (thread, thrown) -> {};
        CookieManager cookies = new CookieManager();
        try (PrintStream own = new PrintStream(new ByteArrayOutputStream())) {
            System.setErr(own);
            Thread.setDefaultUncaughtExceptionHandler(handler);
            CookieHandler.setDefault(cookies);
            Object state = JdkState.captureState();
            System.setErr(err);
            Thread.setDefaultUncaughtExceptionHandler(null);
            CookieHandler.setDefault(null);

            JdkState.restoreState(state);

            assertThat(System.err).isSameAs(own);
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handler);
            assertThat(CookieHandler.getDefault()).isSameAs(cookies);
        } finally {
            System.setErr(err);
            Thread.setDefaultUncaughtExceptionHandler(null);
            CookieHandler.setDefault(null);
        }
    }

    @Test
    void registersShutdownHooksAgain() throws Exception {
        Thread hook = new Thread(() -> {});
        Runtime.getRuntime().addShutdownHook(hook);
        Object state = capturedPart("shutdown-hooks");
        Runtime.getRuntime().removeShutdownHook(hook);

        part("shutdown-hooks").restore(only(state, hook));

        assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isTrue();
    }

    @Test
    void deletesFilesAtTheEndOfTheNewJvm() throws Exception {
        File file = File.createTempFile("ingot", "delete");
        file.deleteOnExit();
        Object state = capturedPart("files-to-delete");

        assertThat((Object[]) state).contains(file.getPath());
        part("files-to-delete").restore(state);
    }

    @Test
    void countsOnWhereTheProgramWas() throws Exception {
        Executors.defaultThreadFactory();
        Slot pools = Slot.of("java.util.concurrent.Executors$DefaultThreadFactory", "poolNumber");
        var counter = (java.util.concurrent.atomic.AtomicInteger) pools.get(null);
        counter.set(70);
        Object state = capturedPart("counters");
        counter.set(3);

        part("counters").restore(state);

        assertThat(counter).hasValue(70);
        counter.set(80);
        part("counters").restore(state);
        assertThat(counter).hasValue(80);
    }

    @Test
    void bringsBackLevelsAndHandlersOfLoggers() throws Exception {
        Logger root = Logger.getLogger("");
        Slot configuration = Slot.of(Logger.class, "config");
        Object original = configuration.get(root);
        Recording handler = new Recording();
        Logger logger = Logger.getLogger("of.program");
        logger.setLevel(Level.FINE);
        root.addHandler(handler);
        try {
            Object[] loggerState = RoundTrip.captured(logger);
            Object state = capturedPart("logging");
            configuration.put(
                    root, HiddenMethod.constructor(configuration.type()).make());

            part("logging").restore(state);
            Logger restored = RoundTrip.restored(logger, loggerState);
            restored.fine("once more");
            restored.finer("too fine");

            assertThat(restored.getName()).isEqualTo("of.program");
            assertThat(handler.last).isEqualTo("once more");
        } finally {
            configuration.put(root, original);
            root.removeHandler(handler);
        }
    }

    @Test
    void bringsBackDatabaseDriversOnce() throws Exception {
        java.sql.Driver driver = new NoDatabase();
        java.sql.DriverManager.registerDriver(driver);
        Object state = capturedPart("database-drivers");
        java.sql.DriverManager.deregisterDriver(driver);

        part("database-drivers").restore(state);

        assertThat(java.sql.DriverManager.drivers()).containsOnlyOnce(driver);
        java.sql.DriverManager.deregisterDriver(driver);
    }

    @Test
    void bringsBackSecurityPropertiesAndProviders() throws Exception {
        java.security.Provider provider = new OwnProvider();
        java.security.Security.insertProviderAt(provider, 2);
        java.security.Security.setProperty("networkaddress.cache.ttl", "7");
        Object state = capturedPart("security");
        java.security.Security.removeProvider(provider.getName());
        java.security.Security.setProperty("networkaddress.cache.ttl", "0");

        part("security").restore(state);

        assertThat(java.security.Security.getProviders()[1]).isSameAs(provider);
        assertThat(java.security.Security.getProperty("networkaddress.cache.ttl"))
                .isEqualTo("7");
        java.security.Security.removeProvider(provider.getName());
    }

    @Test
    void tellsTheClockOfTheImage() throws Exception {
        long before = System.nanoTime();

        assertThat(JdkState.nanoTime(JdkState.captureState())).isBetween(before, System.nanoTime());
    }

    private static dev.ingot.core.jdk.state.StatePart part(String name) {
        return dev.ingot.core.jdk.state.StateParts.all().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Object capturedPart(String name) throws Exception {
        Object captured = part(name).capture();
        assertThat(captured).as(name).isNotNull();
        return captured;
    }

    /** The state of the hooks, of which the test runner may have its own, cut down to one. */
    private static Object only(Object hooks, Thread hook) {
        assertThat((Object[]) hooks).contains(hook);
        return new Object[] {hook};
    }

    private static final class Recording extends Handler {
        private String last = "";

        Recording() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord entry) {
            last = entry.getMessage();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static final class OwnProvider extends java.security.Provider {
        private static final long serialVersionUID = 1L;

        OwnProvider() {
            super("Own", "1", "for a test");
        }
    }

    private static final class NoDatabase implements java.sql.Driver {
        @Override
        public java.sql.Connection connect(String url, java.util.Properties info) {
            return null;
        }

        @Override
        public boolean acceptsURL(String url) {
            return false;
        }

        @Override
        public java.sql.DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties info) {
            return new java.sql.DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }
    }
}
