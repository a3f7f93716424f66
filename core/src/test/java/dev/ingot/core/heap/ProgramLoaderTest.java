package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramLoaderTest {
    private static final String PLUGIN = """
            public class Plugin extends PluginBase implements java.util.function.Supplier<String> {
                static int made;
                final Object[] friends = new Object[2];
                Part part = new Part();
                enum Mood { GOOD, BAD }
                static class Part { Mood mood = Mood.GOOD; java.util.List<Part> more = new java.util.ArrayList<>(); }
                public Plugin() { made++; part.more.add(part); }
                @Override public String get() { return "plugin " + made + ' ' + part.mood + ' ' + note; }
            }
            class PluginBase { String note = "noted"; }
            """;

    @TempDir
    private Path directory;

    @Test
    void definesClassesOfRestoredLoaderFromImage() throws Exception {
        ProgramLoader loader = pluginLoader("plugins", ProgramLoaderTest.class.getClassLoader());
        Supplier<?> plugin = plugin(loader);
        List<Object> list = new ArrayList<>(List.of(plugin, plugin.getClass()));
        Map<Object, Object> byClass = new HashMap<>();
        byClass.put(plugin.getClass(), list);

        Object[] copy = heap(loader).roundTrip(new Object[] {list, loader, byClass});

        Supplier<?> restored = (Supplier<?>) ((List<?>) copy[0]).get(0);
        assertThat(restored.getClass()).isNotSameAs(plugin.getClass());
        assertThat(restored.getClass().getClassLoader()).isSameAs(copy[1]).isNotSameAs(loader);
        assertThat(((List<?>) copy[0]).get(1)).isSameAs(restored.getClass());
        assertThat(restored.get()).isEqualTo("plugin 1 GOOD noted");
        assertThat(((Map<?, ?>) copy[2]).get(restored.getClass())).isSameAs(copy[0]);
        ProgramLoader restoredLoader = (ProgramLoader) copy[1];
        assertThat(restoredLoader.definitions()).isEqualTo(loader.definitions());
        assertThat(restoredLoader.loadClass("Plugin")).isSameAs(restored.getClass());
        assertThat(restored.getClass().getModule()).isSameAs(restoredLoader.getUnnamedModule());
        assertThat(restoredLoader.getName()).isEqualTo("plugins");
    }

    @Test
    void restoresLoadersWhoseClassIsInAnotherRestoredLoader() throws Exception {
        Map<String, byte[]> loaderFiles = Sources.compile(directory.resolve("loader"), "InnerLoader", """
                public class InnerLoader extends dev.ingot.core.heap.ProgramLoader {
                    public InnerLoader(ClassLoader parent) { super("inner", parent); }
                }
                """);
        ProgramLoader outer = new ProgramLoader("outer", ProgramLoaderTest.class.getClassLoader());
        loaderFiles.forEach(outer::add);
        Class<?> innerType = outer.loadClass("InnerLoader");
        ProgramLoader inner =
                (ProgramLoader) innerType.getConstructor(ClassLoader.class).newInstance(outer);
        pluginFiles().forEach(inner::add);
        Supplier<?> plugin = plugin(inner);
        HeapCopy heap = heap(inner)
                .withRecorded(innerType, new RecordedClass(required(loaderFiles, "InnerLoader"), null))
                .withKnown(outer, innerType);

        Object[] copy = heap.roundTrip(new Object[] {plugin});

        ClassLoader restored = copy[0].getClass().getClassLoader();
        assertThat(restored.getClass().getName()).isEqualTo("InnerLoader");
        assertThat(restored.getClass()).isNotSameAs(innerType);
        assertThat(restored.getParent()).isSameAs(restored.getClass().getClassLoader());
        assertThat(((Supplier<?>) copy[0]).get()).isEqualTo("plugin 1 GOOD noted");
    }

    @Test
    void restoresHiddenClassesWithTheirClassData() throws Exception {
        Map<String, byte[]> files = Sources.compile(directory, "dev/ingot/core/heap/Secret".replace('/', '_'), """
                package dev.ingot.core.heap;
                class Secret implements java.util.concurrent.Callable<Object> {
                    final String own;
                    Secret(String own) { this.own = own; }
                    @Override public Object call() throws Exception {
                        return own + java.lang.invoke.MethodHandles.classData(
                                java.lang.invoke.MethodHandles.lookup(), "_", java.util.List.class);
                    }
                }
                """);
        byte[] file = required(files, "dev.ingot.core.heap.Secret");
        List<String> data = new ArrayList<>(List.of("data"));
        Class<?> hidden = java.lang.invoke.MethodHandles.lookup()
                .defineHiddenClassWithClassData(file, data, true)
                .lookupClass();
        Callable<?> secret =
                (Callable<?>) hidden.getDeclaredConstructor(String.class).newInstance("own ");
        RecordedClass recorded =
                new RecordedClass(file, new RecordedClass.HiddenDefinition(ProgramLoaderTest.class, false, false));

        Object[] copy = new HeapCopy().withRecorded(hidden, recorded).roundTrip(new Object[] {secret, data});

        assertThat(copy[0].getClass().isHidden()).isTrue();
        assertThat(copy[0].getClass()).isNotSameAs(hidden);
        assertThat(System.identityHashCode(copy[0].getClass())).isEqualTo(System.identityHashCode(hidden));
        @SuppressWarnings("unchecked") // It was a list of strings.
        List<String> copiedData = (List<String>) copy[1];
        copiedData.add("more");
        assertThat(((Callable<?>) copy[0]).call()).isEqualTo("own [data, more]");
    }

    @Test
    void restoresHiddenClassesThatWereInitializedAfterAnEarlierImage() throws Exception {
        Map<String, byte[]> files = Sources.compile(directory, "dev/ingot/core/heap/Counter".replace('/', '_'), """
                package dev.ingot.core.heap;
                class Counter implements java.util.concurrent.Callable<Object> {
                    static int count = 40;
                    @Override public Object call() { return ++count; }
                }
                """);
        byte[] file = required(files, "dev.ingot.core.heap.Counter");
        Class<?> hidden = java.lang.invoke.MethodHandles.lookup()
                .defineHiddenClass(file, false)
                .lookupClass();
        RecordedClass recorded =
                new RecordedClass(file, new RecordedClass.HiddenDefinition(ProgramLoaderTest.class, false, false));
        try (HeapChain chain = new HeapChain(new HeapCopy().withRecorded(hidden, recorded))) {
            chain.write(new Object[] {hidden});
            Callable<?> counter = (Callable<?>) hidden.getDeclaredConstructor().newInstance();
            assertThat(counter.call()).isEqualTo(41);
            chain.write(new Object[] {hidden, counter});

            Object[] copy = chain.read();

            assertThat(((Callable<?>) copy[1]).call()).isEqualTo(42);
            chain.write(new Object[] {hidden, counter});
            assertThat(chain.continued()).isEqualTo(1);
        }
    }

    @Test
    void restoresProxies() throws Exception {
        Handler handler = new Handler();
        Object proxy = Proxy.newProxyInstance(
                ProgramLoaderTest.class.getClassLoader(), new Class<?>[] {Supplier.class, Runnable.class}, handler);

        Object[] copy = HeapCopy.copy(new Object[] {proxy, handler});

        assertThat(Proxy.isProxyClass(copy[0].getClass())).isTrue();
        assertThat(Proxy.getInvocationHandler(copy[0])).isSameAs(copy[1]);
        assertThat(((Supplier<?>) copy[0]).get()).isEqualTo("handled get");
    }

    @Test
    void tellsListenerOfLoadersBeforeTheirClasses() throws Exception {
        ProgramLoader loader = pluginLoader("told", ProgramLoaderTest.class.getClassLoader());
        HeapCopy heap = heap(loader);
        List<String> events = new ArrayList<>();

        heap.read(heap.write(new Object[] {plugin(loader)}), new RestoreListener() {
            @Override
            public void loaderRestored(String key, ClassLoader restored) {
                events.add(key);
            }

            @Override
            public void definingClasses() {
                events.add("defining");
            }
        });

        assertThat(events).containsExactly("loader-1", "defining");
    }

    private HeapCopy heap(ProgramLoader loader) throws Exception {
        HeapCopy heap = new HeapCopy();
        List<Class<?>> types = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : pluginFiles().entrySet()) {
            Class<?> type = loader.loadClass(file.getKey());
            types.add(type);
            heap.withRecorded(type, new RecordedClass(file.getValue(), null));
        }
        return heap.withKnown(loader, types.toArray(Class<?>[]::new)).withStatics(types.toArray(Class<?>[]::new));
    }

    private ProgramLoader pluginLoader(String name, ClassLoader parent) throws Exception {
        ProgramLoader loader = new ProgramLoader(name, parent);
        pluginFiles().forEach(loader::add);
        return loader;
    }

    private Map<String, byte[]> pluginFiles() throws Exception {
        return Sources.compile(directory.resolve("plugin"), "Plugin", PLUGIN);
    }

    private static Supplier<?> plugin(ClassLoader loader) throws Exception {
        Object plugin = loader.loadClass("Plugin").getConstructor().newInstance();
        Field friends = plugin.getClass().getDeclaredField("friends");
        friends.setAccessible(true);
        ((Object[]) friends.get(plugin))[1] = plugin;
        return (Supplier<?>) plugin;
    }

    private static byte[] required(Map<String, byte[]> files, String name) {
        byte[] file = files.get(name);
        assertThat(file).isNotNull();
        return file == null ? new byte[0] : file;
    }

    static final class Handler implements InvocationHandler {
        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return "handled " + method.getName();
        }
    }
}
