package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.jdk.lang.ThreadIds;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.Writer;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.SwitchPoint;
import java.lang.invoke.VarHandle;
import java.lang.invoke.VolatileCallSite;
import java.lang.ref.Cleaner;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.time.temporal.ChronoField;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Things a program may hold, packed in one JVM and checked in another. */
@SuppressWarnings({"JavaUtilDate", "LockNotBeforeTry", "UnusedMethod", "UnusedVariable"
}) // old types and locks are held too; members are found by name
enum Luggage {
    TEXT {
        @Override
        Object pack() {
            Matcher matcher = Pattern.compile("(\\w)-(\\d+)").matcher("a-1 b-22");
            assertThat(matcher.find()).isTrue();
            return new Object[] {
                Locale.forLanguageTag("zh-Hant-TW"),
                matcher,
                new DecimalFormat("#,##0.00", new DecimalFormatSymbols(Locale.GERMANY))
            };
        }

        @Override
        void check(Object packed) {
            Object[] parts = (Object[]) packed;
            assertThat(parts[0]).isEqualTo(Locale.forLanguageTag("zh-Hant-TW"));
            Matcher matcher = (Matcher) parts[1];
            assertThat(matcher.group(1)).isEqualTo("a");
            assertThat(matcher.find()).isTrue();
            assertThat(matcher.group(2)).isEqualTo("22");
            assertThat(((DecimalFormat) parts[2]).format(1234.5)).isEqualTo("1.234,50");
        }
    },

    TIME {
        @Override
        Object pack() {
            TimeZone zone = TimeZone.getTimeZone("Europe/Vienna");
            Calendar calendar = new GregorianCalendar(zone, Locale.GERMANY);
            calendar.setTimeInMillis(1_700_000_000_000L);
            SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd HH:mm z", Locale.US);
            format.setTimeZone(zone);
            return new Object[] {
                calendar,
                format,
                ZonedDateTime.ofInstant(Instant.ofEpochSecond(1_700_000_000), ZoneId.of("Asia/Tokyo")),
                DateTimeFormatter.ofPattern("yyyy-MM-dd EEE HH:mm VV", Locale.US),
                DateTimeFormatter.ofPattern("ss.SSS", Locale.US),
                new DateTimeFormatterBuilder()
                        .appendFraction(ChronoField.MINUTE_OF_HOUR, 1, 4, true)
                        .toFormatter(Locale.US),
                DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(Locale.US)
            };
        }

        @Override
        void check(Object packed) {
            Object[] parts = (Object[]) packed;
            Calendar calendar = (Calendar) parts[0];
            calendar.add(Calendar.MONTH, 1);
            assertThat(calendar.get(Calendar.MONTH)).isEqualTo(Calendar.DECEMBER);
            assertThat(((SimpleDateFormat) parts[1]).format(new Date(1_700_000_000_000L)))
                    .isEqualTo("2023-11-14 23:13 CET");
            assertThat(((DateTimeFormatter) parts[3]).format((ZonedDateTime) parts[2]))
                    .isEqualTo("2023-11-15 Wed 07:13 Asia/Tokyo");
            assertThat(((DateTimeFormatter) parts[4]).format(LocalTime.of(7, 30, 9, 12_000_000)))
                    .isEqualTo("09.012");
            assertThat(((DateTimeFormatter) parts[5]).format(LocalTime.of(7, 30)))
                    .isEqualTo(".5");
            assertThat(((DateTimeFormatter) parts[6]).format((ZonedDateTime) parts[2]))
                    .isEqualTo("Nov 15, 2023");
        }
    },

    REFLECTION {
        @Override
        Object pack() throws Exception {
            Method method = Marked.class.getDeclaredMethod("word", int.class);
            method.setAccessible(true);
            return new Object[] {
                method,
                Marked.class.getAnnotation(Mark.class),
                MethodHandles.lookup()
                        .findVirtual(Marked.class, "word", MethodType.methodType(String.class, int.class)),
                MethodHandles.lookup().findVarHandle(Marked.class, "count", int.class),
                AtomicIntegerFieldUpdater.newUpdater(Marked.class, "count"),
                Map.class.getMethod("putAll", Map.class).getGenericParameterTypes()[0],
                new Marked()
            };
        }

        @Override
        @SuppressWarnings("unchecked") // as packed
        void check(Object packed) throws Throwable {
            Object[] parts = (Object[]) packed;
            Marked marked = (Marked) parts[6];
            assertThat(((Method) parts[0]).invoke(marked, 3)).isEqualTo("word 3");
            assertThat(((Mark) parts[1]).value()).isEqualTo("label");
            assertThat(parts[1]).isEqualTo(Marked.class.getAnnotation(Mark.class));
            assertThat(((MethodHandle) parts[2]).invoke(marked, 4)).isEqualTo("word 4");
            assertThat((int) ((VarHandle) parts[3]).getAndAdd(marked, 5)).isZero();
            assertThat(((AtomicIntegerFieldUpdater<Marked>) parts[4]).incrementAndGet(marked))
                    .isEqualTo(6);
            assertThat(parts[5].toString()).isEqualTo("java.util.Map<? extends K, ? extends V>");
        }
    },

    COMPOSED_HANDLES {
        private static final int SEEDS = 500;

        @Override
        Object pack() throws Exception {
            Object[] packed = new Object[2 * SEEDS];
            for (int seed = 0; seed < SEEDS; seed++) {
                MethodHandle handle = new Compositions(seed * 31_415_926_535L).make();
                packed[2 * seed] = Compositions.answers(handle);
                packed[2 * seed + 1] = handle;
            }
            return packed;
        }

        @Override
        void check(Object packed) throws Exception {
            Object[] parts = (Object[]) packed;
            for (int seed = 0; seed < SEEDS; seed++) {
                MethodHandle handle = (MethodHandle) parts[2 * seed + 1];
                assertThat(Compositions.answers(handle)).as("seed " + seed).isEqualTo(parts[2 * seed]);
                MethodHandle further = MethodHandles.dropArguments(
                        MethodHandles.insertArguments(handle, 0, 0, 5L), 0, int.class, long.class);
                assertThat(Compositions.answers(further).get(0))
                        .as("put together with another, seed " + seed)
                        .isEqualTo(Compositions.answers(handle).get(0));
            }
        }
    },

    BOUND_HANDLES {
        @Override
        Object pack() throws Throwable {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodType words = MethodType.methodType(String.class, String.class);
            MethodHandle join = lookup.findStatic(
                    String.class,
                    "join",
                    MethodType.methodType(String.class, CharSequence.class, CharSequence[].class));
            MethodHandle often =
                    lookup.findVirtual(String.class, "concat", words).bindTo("often ");
            // What is called often gets a form of its own.
            for (int call = 0; call < 1000; call++) {
                Object unused = often.invoke("called");
            }
            return new Object[] {
                lookup.findVirtual(String.class, "concat", words).bindTo("bound "),
                MethodHandles.insertArguments(lookup.findVirtual(String.class, "concat", words), 1, " last"),
                MethodHandles.insertArguments(join.asFixedArity(), 1, (Object) new String[] {"a", "b"}),
                lookup.findVirtual(Map.class, "get", MethodType.methodType(Object.class, Object.class))
                        .bindTo(new HashMap<>(Map.of("key", "value"))),
                often
            };
        }

        @Override
        void check(Object packed) throws Throwable {
            Object[] parts = (Object[]) packed;
            assertThat((String) ((MethodHandle) parts[0]).invokeExact("text")).isEqualTo("bound text");
            assertThat((String) ((MethodHandle) parts[1]).invokeExact("first")).isEqualTo("first last");
            assertThat((String) ((MethodHandle) parts[2]).invokeExact((CharSequence) "-"))
                    .isEqualTo("a-b");
            assertThat(((MethodHandle) parts[3]).invokeExact((Object) "key")).isEqualTo("value");
            assertThat((String) ((MethodHandle) parts[4]).invokeExact("text")).isEqualTo("often text");
            assertThat(((MethodHandle) parts[4]).type()).isEqualTo(MethodType.methodType(String.class, String.class));
            MethodHandle further = MethodHandles.insertArguments((MethodHandle) parts[0], 0, "more");
            assertThat((String) further.invokeExact()).isEqualTo("bound more");
        }
    },

    CALL_SITES {
        @Override
        Object pack() throws Exception {
            MutableCallSite site = new MutableCallSite(MethodHandles.constant(String.class, "before"));
            VolatileCallSite seen = new VolatileCallSite(MethodHandles.constant(String.class, "before"));
            SwitchPoint valid = new SwitchPoint();
            SwitchPoint thrown = new SwitchPoint();
            MethodHandle guarded = valid.guardWithTest(
                    MethodHandles.constant(String.class, "valid"), MethodHandles.constant(String.class, "thrown"));
            MethodHandle late = thrown.guardWithTest(
                    MethodHandles.constant(String.class, "valid"), MethodHandles.constant(String.class, "thrown"));
            SwitchPoint.invalidateAll(new SwitchPoint[] {thrown});
            return new Object[] {site, site.dynamicInvoker(), seen, seen.dynamicInvoker(), valid, guarded, thrown, late
            };
        }

        @Override
        void check(Object packed) throws Throwable {
            Object[] parts = (Object[]) packed;
            MutableCallSite site = (MutableCallSite) parts[0];
            assertThat((String) ((MethodHandle) parts[1]).invokeExact()).isEqualTo("before");
            site.setTarget(MethodHandles.constant(String.class, "after"));
            assertThat((String) ((MethodHandle) parts[1]).invokeExact()).isEqualTo("after");
            ((VolatileCallSite) parts[2]).setTarget(MethodHandles.constant(String.class, "after"));
            assertThat((String) ((MethodHandle) parts[3]).invokeExact()).isEqualTo("after");
            SwitchPoint valid = (SwitchPoint) parts[4];
            assertThat(valid.hasBeenInvalidated()).isFalse();
            assertThat((String) ((MethodHandle) parts[5]).invokeExact()).isEqualTo("valid");
            SwitchPoint.invalidateAll(new SwitchPoint[] {valid});
            assertThat(valid.hasBeenInvalidated()).isTrue();
            assertThat((String) ((MethodHandle) parts[5]).invokeExact()).isEqualTo("thrown");
            assertThat(((SwitchPoint) parts[6]).hasBeenInvalidated()).isTrue();
            assertThat((String) ((MethodHandle) parts[7]).invokeExact()).isEqualTo("thrown");
        }
    },

    DIRECT_HANDLES {
        @Override
        Object pack() throws Throwable {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle format = lookup.findStatic(
                    String.class, "format", MethodType.methodType(String.class, String.class, Object[].class));
            SwitchPoint point = new SwitchPoint();
            return new Object[] {
                format,
                lookup.findStatic(Class.class, "forName", MethodType.methodType(Class.class, String.class)),
                point
            };
        }

        @Override
        void check(Object packed) throws Throwable {
            Object[] parts = (Object[]) packed;
            MethodHandle format = (MethodHandle) parts[0];
            assertThat(format.isVarargsCollector()).isTrue();
            assertThat(format.invoke("%s-%s", "a", "b")).isEqualTo("a-b");
            assertThat(format.asFixedArity().isVarargsCollector()).isFalse();
            assertThat((Class<?>) ((MethodHandle) parts[1]).invokeExact(Luggage.class.getName()))
                    .as("looked up for the class that made the handle")
                    .isSameAs(Luggage.class);
            assertThat(((SwitchPoint) parts[2]).hasBeenInvalidated()).isFalse();
        }
    },

    CLASS_VALUES {
        @Override
        Object pack() {
            Names names = new Names("packed");
            assertThat(names.get(String.class)).isEqualTo("packed String");
            assertThat(names.get(Luggage.class)).isEqualTo("packed Luggage");
            names.get(List.class);
            names.remove(List.class);
            return names;
        }

        @Override
        void check(Object packed) {
            Names names = (Names) packed;
            names.prefix = "unpacked";
            assertThat(names.get(String.class)).isEqualTo("packed String");
            assertThat(names.get(Luggage.class)).isEqualTo("packed Luggage");
            assertThat(names.get(List.class)).isEqualTo("unpacked List");
            names.remove(String.class);
            assertThat(names.get(String.class)).isEqualTo("unpacked String");
            assertThat(new Names("other").get(String.class)).isEqualTo("other String");
        }
    },

    THREADS {
        @Override
        Object pack() throws Exception {
            ThreadLocal<String> local = new ThreadLocal<>();
            Worker worker = new Worker(new ThreadGroup("crew"), local);
            worker.setPriority(6);
            Worker ended = new Worker(worker.getThreadGroup(), local);
            ended.start();
            ended.join();
            Worker alive = new Worker(worker.getThreadGroup(), local);
            alive.parks = true;
            alive.start();
            while (alive.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return new Worker[] {worker, ended, alive};
        }

        @Override
        void check(Object packed) throws Exception {
            Worker[] workers = (Worker[]) packed;
            assertThat(workers[0].getState()).isEqualTo(Thread.State.NEW);
            assertThat(workers[0].getPriority()).isEqualTo(6);
            assertThat(workers[0].getThreadGroup().getName()).isEqualTo("crew");
            assertThat(workers[1].getState()).isEqualTo(Thread.State.TERMINATED);
            assertThat(workers[1].seen).isEqualTo("first");
            workers[2].parks = false;
            workers[2].start();
            ThreadIds.settle(workers[2]);
            workers[2].join();
            assertThat(workers[2].seen)
                    .as("thread local of a thread that was alive")
                    .isEqualTo("again first");
            workers[0].start();
            workers[0].join();
            assertThat(workers[0].seen).isEqualTo("first");
            assertThat(new Thread(() -> {}).getId()).isGreaterThan(workers[2].getId());
        }
    },

    STREAMS {
        @Override
        Object pack() throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BufferedInputStream in = new BufferedInputStream(new ByteArrayInputStream(new byte[] {1, 2, 3}));
            assertThat(in.read()).isEqualTo(1);
            PrintStream out = new PrintStream(new BufferedOutputStream(bytes), false, StandardCharsets.UTF_8);
            out.print("be");
            BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
            writer.write("fore");
            return new Object[] {bytes, in, out, writer};
        }

        @Override
        void check(Object packed) throws Exception {
            Object[] parts = (Object[]) packed;
            assertThat(((InputStream) parts[1]).read()).isEqualTo(2);
            ((PrintStream) parts[2]).print("-");
            ((PrintStream) parts[2]).flush();
            ((Writer) parts[3]).write(" and after");
            ((Writer) parts[3]).flush();
            assertThat(parts[0]).hasToString("be-fore and after");
        }
    },

    PICTURES {
        @Override
        Object pack() {
            BufferedImage picture = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(1, 2, 0x123456);
            return picture;
        }

        @Override
        void check(Object packed) {
            BufferedImage picture = (BufferedImage) packed;
            assertThat(picture.getRGB(1, 2)).isEqualTo(0xff123456);
            picture.setRGB(2, 2, 0x654321);
            assertThat(picture.getRGB(2, 2)).isEqualTo(0xff654321);
        }
    },

    LOADERS {
        @Override
        Object pack() throws Exception {
            URL url = Luggage.class.getProtectionDomain().getCodeSource().getLocation();
            URLClassLoader loader = new URLClassLoader("own", new URL[] {url}, ClassLoader.getPlatformClassLoader());
            loader.setDefaultAssertionStatus(true);
            assertThat(loader.getResource("dev/ingot/core/jdk/Luggage.class")).isNotNull();
            return new Object[] {
                loader, loader.getUnnamedModule(), Luggage.class.getPackage(), Luggage.class.getModule()
            };
        }

        @Override
        void check(Object packed) {
            Object[] parts = (Object[]) packed;
            URLClassLoader loader = (URLClassLoader) parts[0];
            assertThat(loader.getName()).isEqualTo("own");
            assertThat(loader.getParent()).isSameAs(ClassLoader.getPlatformClassLoader());
            assertThat(loader.getResource("dev/ingot/core/jdk/Luggage.class")).isNotNull();
            assertThat(loader.getUnnamedModule()).isSameAs(parts[1]);
            assertThat(parts[2]).isSameAs(Luggage.class.getPackage());
            assertThat(parts[3]).isSameAs(Luggage.class.getModule());
        }
    },

    CLEANERS {
        @Override
        Object pack() {
            Cleaner cleaner = Cleaner.create();
            Object subject = new Object();
            Sign sign = new Sign();
            Cleaner.Cleanable cleanable = cleaner.register(subject, sign);
            Timer timer = new Timer("ticking", true);
            return new Object[] {cleaner, subject, sign, cleanable, timer};
        }

        @Override
        void check(Object packed) {
            Object[] parts = (Object[]) packed;
            Sign sign = (Sign) parts[2];
            assertThat(sign.given).isFalse();
            ((Cleaner.Cleanable) parts[3]).clean();
            assertThat(sign.given).isTrue();
            Sign second = new Sign();
            ((Cleaner) parts[0]).register(new Object(), second);
            parts[1] = null;
            org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                System.gc();
                return second.given;
            });
            ((Timer) parts[4]).schedule(new Tick(), 1000);
            ((Timer) parts[4]).cancel();
        }
    },

    RANDOM {
        @Override
        Object pack() throws Exception {
            SecureRandom secure = SecureRandom.getInstance("SHA1PRNG");
            secure.setSeed(5);
            secure.nextInt();
            Random random = new Random(7);
            random.nextGaussian();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) 1);
            return new Object[] {
                secure,
                random,
                digest,
                new SecureRandom(),
                MessageDigest.getInstance("MD5").getProvider()
            };
        }

        @Override
        void check(Object packed) throws Exception {
            Object[] parts = (Object[]) packed;
            SecureRandom secure = SecureRandom.getInstance("SHA1PRNG");
            secure.setSeed(5);
            secure.nextInt();
            Random random = new Random(7);
            random.nextGaussian();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) 1);
            assertThat(((SecureRandom) parts[0]).nextInt()).isEqualTo(secure.nextInt());
            assertThat(((Random) parts[1]).nextGaussian()).isEqualTo(random.nextGaussian());
            assertThat(((MessageDigest) parts[2]).digest()).isEqualTo(digest.digest());
            assertThat(((SecureRandom) parts[3]).nextInt()).isNotEqualTo(((SecureRandom) parts[3]).nextInt());
            assertThat(parts[4]).isSameAs(java.security.Security.getProvider("SUN"));
        }
    },

    LOGGING {
        @Override
        Object pack() {
            Logger logger = Logger.getLogger("of.program");
            logger.setLevel(Level.FINE);
            Remembering handler = new Remembering();
            for (Handler toConsole : Logger.getLogger("").getHandlers()) {
                Logger.getLogger("").removeHandler(toConsole);
            }
            Logger.getLogger("").addHandler(handler);
            Logger.getGlobal().setLevel(Level.SEVERE);
            return new Object[] {logger, handler, Logger.getLogger("of.program.child"), Logger.getAnonymousLogger()};
        }

        @Override
        void check(Object packed) {
            Object[] parts = (Object[]) packed;
            Remembering handler = (Remembering) parts[1];
            assertThat(Logger.getLogger("of.program")).isSameAs(parts[0]);
            ((Logger) parts[0]).fine("fine");
            assertThat(handler.last).isEqualTo("fine");
            ((Logger) parts[2]).finer("finer");
            assertThat(handler.last).isEqualTo("fine");
            ((Logger) parts[2]).fine("child");
            assertThat(handler.last).isEqualTo("child");
            ((Logger) parts[3]).info("anonymous");
            assertThat(handler.last).isEqualTo("anonymous");
            Logger.getGlobal().info("too low");
            assertThat(handler.last).isEqualTo("anonymous");
            assertThat(((Logger) parts[2]).getParent()).isSameAs(parts[0]);
        }
    },

    STATE {
        @Override
        Object pack() {
            System.setProperty("program.own", "1");
            Locale.setDefault(Locale.FRANCE);
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            Thread.setDefaultUncaughtExceptionHandler(new Unheard());
            Runtime.getRuntime()
                    .addShutdownHook(new Worker(Thread.currentThread().getThreadGroup(), new ThreadLocal<>()));
            Executors.newCachedThreadPool();
            return "";
        }

        @Override
        void check(Object packed) {
            assertThat(System.getProperty("program.own")).isEqualTo("1");
            assertThat(Locale.getDefault()).isEqualTo(Locale.FRANCE);
            assertThat(TimeZone.getDefault().getID()).isEqualTo("Asia/Tokyo");
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isInstanceOf(Unheard.class);
            assertThat(Executors.defaultThreadFactory().newThread(() -> {}).getName())
                    .startsWith("pool-2-");
        }
    },

    CONCURRENT {
        @Override
        Object pack() throws Exception {
            ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(3);
            ended.shutdown();
            assertThat(ended.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            return new Object[] {
                new CopyOnWriteArrayList<>(),
                new CopyOnWriteArraySet<>(List.of("a", "b")),
                new SynchronousQueue<>(true),
                new ThreadPoolExecutor(3, 4, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new OwnThreads()),
                ended
            };
        }

        @Override
        @SuppressWarnings("unchecked") // as packed
        void check(Object packed) throws Exception {
            Object[] parts = (Object[]) packed;
            ((List<String>) parts[0]).add("x");
            assertThat((List<String>) parts[0]).containsExactly("x");
            assertThat((Set<String>) parts[1]).containsExactly("a", "b");
            SynchronousQueue<String> queue = (SynchronousQueue<String>) parts[2];
            assertThat(queue.offer("nobody waits")).isFalse();
            Thread giver = new Thread(() -> assertThat(put(queue, "given")).isTrue());
            giver.start();
            assertThat(queue.take()).isEqualTo("given");
            ThreadPoolExecutor pool = (ThreadPoolExecutor) parts[3];
            assertThat(pool.submit(() -> Thread.currentThread().getName()).get())
                    .isEqualTo("own");
            pool.shutdown();
            assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(((ScheduledThreadPoolExecutor) parts[4]).isTerminated()).isTrue();
        }
    },

    READ_WRITE_LOCKS {
        @Override
        Object pack() throws Exception {
            ReentrantReadWriteLock free = new ReentrantReadWriteLock(true);
            free.writeLock().lock();
            Thread waiter = new Thread(() -> {
                free.readLock().lock();
                free.readLock().unlock();
            });
            waiter.start();
            while (!free.hasQueuedThread(waiter)) {
                Thread.onSpinWait();
            }
            free.writeLock().unlock();
            waiter.join();
            ReentrantReadWriteLock read = new ReentrantReadWriteLock();
            ReentrantReadWriteLock written = new ReentrantReadWriteLock();
            Thread gone = new Thread(new Keeper(read, written));
            gone.start();
            gone.join();
            return new Object[] {free, read, written};
        }

        @Override
        void check(Object packed) {
            ReentrantReadWriteLock[] locks = Stream.of((Object[]) packed).toArray(ReentrantReadWriteLock[]::new);
            assertThat(locks[0].isFair()).isTrue();
            assertThat(locks[0].writeLock().tryLock()).isTrue();
            locks[0].readLock().lock();
            locks[0].writeLock().unlock();
            assertThat(locks[0].getReadHoldCount()).isEqualTo(1);
            locks[0].readLock().unlock();
            assertThat(locks[1].getReadLockCount()).isEqualTo(2);
            assertThat(locks[1].writeLock().tryLock()).isFalse();
            assertThat(locks[1].readLock().tryLock()).isTrue();
            assertThat(locks[2].isWriteLocked()).isTrue();
            assertThat(locks[2].readLock().tryLock()).isFalse();
        }
    },

    READERS {
        @Override
        Object pack() throws Exception {
            StringReader read = new StringReader("read until here, and then on");
            read.mark(0);
            assertThat(read.skip(16)).isEqualTo(16);
            StringReader closed = new StringReader("closed");
            closed.close();
            return new Object[] {read, closed, new ZipEntry("entry")};
        }

        @Override
        void check(Object packed) throws Exception {
            Object[] parts = (Object[]) packed;
            StringReader read = (StringReader) parts[0];
            assertThat(new BufferedReader(read).readLine()).isEqualTo(" and then on");
            read.reset();
            assertThat(new BufferedReader(read).readLine()).isEqualTo("read until here, and then on");
            assertThatExceptionOfType(IOException.class).isThrownBy(((StringReader) parts[1])::read);
            assertThat(((ZipEntry) parts[2]).getName()).isEqualTo("entry");
        }
    },

    POOLS {
        @Override
        Object pack() throws Exception {
            ForkJoinPool own = new ForkJoinPool(2);
            own.submit(() -> {}).get();
            own.shutdown();
            assertThat(own.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            return new Object[] {own, ForkJoinPool.commonPool(), new HashMap<>(Map.of("k", 1)), new ForkJoinPool(3)};
        }

        @Override
        void check(Object packed) throws Exception {
            Object[] parts = (Object[]) packed;
            assertThat(((ForkJoinPool) parts[0]).isTerminated()).isTrue();
            assertThat(parts[1]).isSameAs(ForkJoinPool.commonPool());
            assertThat(ForkJoinPool.commonPool().submit(() -> 42).get()).isEqualTo(42);
            ForkJoinPool unused = (ForkJoinPool) parts[3];
            assertThat(unused.getParallelism()).isEqualTo(3);
            assertThat(unused.submit(() -> 43).get()).isEqualTo(43);
            unused.shutdown();
            assertThat(unused.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    };

    abstract Object pack() throws Throwable;

    abstract void check(Object packed) throws Throwable;

    /** Whether its inner workings are the same in all versions of the JDK. */
    boolean crossesVersions() {
        return this != COMPOSED_HANDLES && this != CALL_SITES;
    }

    @Retention(RetentionPolicy.RUNTIME)
    private @interface Mark {
        String value();
    }

    @Mark("label")
    private static final class Marked {
        private volatile int count;

        private String word(int number) {
            return "word " + number;
        }
    }

    private static final class Names extends ClassValue<String> {
        private String prefix;

        Names(String prefix) {
            this.prefix = prefix;
        }

        @Override
        protected String computeValue(Class<?> type) {
            return prefix + ' ' + type.getSimpleName();
        }
    }

    private static final class Worker extends Thread {
        private final ThreadLocal<String> local;
        private volatile boolean parks;
        private volatile String seen = "";

        Worker(ThreadGroup group, ThreadLocal<String> local) {
            super(group, "worker");
            this.local = local;
        }

        @Override
        public void run() {
            if (local.get() == null) {
                local.set("first");
                seen = local.get();
            } else {
                seen = "again " + local.get();
            }
            while (parks) {
                java.util.concurrent.locks.LockSupport.park();
            }
        }
    }

    private static boolean put(SynchronousQueue<String> queue, String element) {
        try {
            return queue.offer(element, 10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class OwnThreads implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            return new Thread(task, "own");
        }
    }

    /** Ends with its locks held. */
    private record Keeper(ReentrantReadWriteLock read, ReentrantReadWriteLock written) implements Runnable {
        @Override
        public void run() {
            read.readLock().lock();
            read.readLock().lock();
            written.writeLock().lock();
        }
    }

    private static final class Sign implements Runnable {
        private volatile boolean given;

        @Override
        public void run() {
            given = true;
        }
    }

    private static final class Tick extends TimerTask {
        @Override
        public void run() {}
    }

    private static final class Unheard implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            System.out.print(thrown);
        }
    }

    private static final class Remembering extends Handler {
        private String last = "";

        Remembering() {
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
}
