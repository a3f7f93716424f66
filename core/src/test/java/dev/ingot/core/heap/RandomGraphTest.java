package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of random classes, whose fields and superclasses are random, come back as they were. {@code -Dingot.seed} repeats a run. */
class RandomGraphTest {
    private static final int CLASSES = 14;
    private static final int OBJECTS = 10_000;
    private static final int IMAGES = 6;
    private static final int CHANGES = 300;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void ofClassesOnTheClassPath(int round) throws Exception {
        long seed = Long.getLong("ingot.seed", System.nanoTime());
        Random random = new Random(seed);
        RandomGraph graphs = new RandomGraph(classPathTypes(random), random);
        graphs.build(OBJECTS);
        graphs.addLarge();
        Object[] graph = graphs.change(0);
        int[] hashes = RandomGraph.someHashes(graph, random);

        Object[] copy = HeapCopy.copy(graph);

        new Isomorphism("seed " + seed + " round " + round).requireSame(graph, copy);
        assertSameHashes(hashes, copy, "seed " + seed + " round " + round);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void imagesOfWhatChangedAreTheWholeHeap(int round) throws Exception {
        long seed = Long.getLong("ingot.seed", System.nanoTime());
        Random random = new Random(seed);
        RandomGraph graphs = new RandomGraph(classPathTypes(random), random);
        graphs.build(OBJECTS);
        graphs.addLarge();
        checkChain(new HeapCopy(), graphs, random, "seed " + seed + " round " + round);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void imagesOfWhatChangedGoOnAfterAResume(int round) throws Exception {
        long seed = Long.getLong("ingot.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Class<?>> types = classPathTypes(random);
        RandomGraph graphs = new RandomGraph(types, random);
        graphs.build(OBJECTS);
        graphs.addLarge();
        checkResumes(new HeapCopy(), graphs, random, "seed " + seed + " round " + round, loader -> types);
    }

    /** @param types makes those of the program in the loader that was read with it known to {@code heap} */
    private static void checkResumes(
            HeapCopy heap, RandomGraph graphs, Random random, String where, Function<ClassLoader, List<Class<?>>> types)
            throws Exception {
        try (HeapChain chain = new HeapChain(heap)) {
            chain.write(graphs.change(0));
            int first = chain.lastBytes();
            for (int image = 2; image <= IMAGES; image++) {
                Object[] read = chain.resume();
                ClassLoader loader = Stream.of(read)
                        .filter(each -> each.getClass().getName().contains("Shapes"))
                        .findFirst()
                        .orElseThrow()
                        .getClass()
                        .getClassLoader();
                graphs.goOnWith(read, types.apply(loader));
                Object[] graph = graphs.change(random.nextInt(CHANGES));
                int[] hashes = RandomGraph.someHashes(graph, random);
                chain.write(graph);

                Object[] copy = chain.read();

                String here = where + " image " + image;
                new Isomorphism(here).requireSame(graph, copy);
                assertSameHashes(hashes, copy, here);
                assertThat(chain.lastBytes()).as(here).isLessThan(first);
            }
            assertThat(chain.continued()).as(where).isPositive();
        }
    }

    private static void checkChain(HeapCopy heap, RandomGraph graphs, Random random, String where) throws Exception {
        try (HeapChain chain = HeapChain.withoutEnd(heap)) {
            for (int image = 1; image <= IMAGES; image++) {
                Object[] graph = graphs.change(image == 1 ? 0 : random.nextInt(CHANGES));
                int[] hashes = RandomGraph.someHashes(graph, random);
                chain.write(graph);

                Object[] copy = chain.read();

                String here = where + " image " + image;
                new Isomorphism(here).requireSame(graph, copy);
                assertSameHashes(hashes, copy, here);
                if (image > 1) {
                    Object[] read = chain.readInTwo();
                    new Isomorphism(here + " in two").requireSame(graph, read);
                    assertSameHashes(hashes, read, here + " in two");
                }
            }
            assertThat(chain.continued()).as(where).isEqualTo(IMAGES - 1);
        }
    }

    private List<Class<?>> classPathTypes(Random random) throws Exception {
        String outer = "Shapes" + Long.toHexString(random.nextLong());
        Map<String, byte[]> files = Sources.compile(
                directory, outer, "package dev.ingot.core.heap;\n" + RandomShapes.source(outer, random, CLASSES));
        List<Class<?>> types = new ArrayList<>();
        Set<String> defined = new HashSet<>();
        for (String name : files.keySet()) {
            define(name, files, defined);
        }
        for (int number = 0; number < CLASSES; number++) {
            types.add(Class.forName("dev.ingot.core.heap." + outer + "$" + RandomShapes.name(number)));
        }
        return types;
    }

    /** A class cannot be defined before its superclass. */
    private static void define(String name, Map<String, byte[]> files, Set<String> defined)
            throws IllegalAccessException {
        if (!defined.contains(name)) {
            byte[] file = Objects.requireNonNull(files.get(name));
            String superclass = RandomShapes.superclass(file);
            if (files.containsKey(superclass)) {
                define(superclass, files, defined);
            }
            MethodHandles.lookup().defineClass(file);
            defined.add(name);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void ofClassesInALoaderThatIsPartOfTheImage(int round) throws Exception {
        long seed = Long.getLong("ingot.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, byte[]> files =
                Sources.compile(directory, "Shapes", RandomShapes.source("Shapes", random, CLASSES));
        ProgramLoader loader = new ProgramLoader("shapes", RandomGraphTest.class.getClassLoader());
        files.forEach(loader::add);
        HeapCopy heap = new HeapCopy();
        List<Class<?>> types = new ArrayList<>();
        for (int number = 0; number < CLASSES; number++) {
            Class<?> type = loader.loadClass("Shapes$" + RandomShapes.name(number));
            types.add(type);
            heap.withRecorded(type, new RecordedClass(Objects.requireNonNull(files.get(type.getName())), null));
        }
        heap.withKnown(loader, types.toArray(Class<?>[]::new));
        RandomGraph graphs = new RandomGraph(types, random);
        graphs.build(OBJECTS);
        checkChain(heap, graphs, random, "seed " + seed + " round " + round);
        checkResumes(heap, graphs, random, "resumed, seed " + seed + " round " + round, restored -> {
            List<Class<?>> again = new ArrayList<>();
            for (Class<?> type : types) {
                Class<?> found = found(type.getName(), restored);
                again.add(found);
                heap.withRecorded(found, new RecordedClass(Objects.requireNonNull(files.get(type.getName())), null));
            }
            heap.withKnown(restored, again.toArray(Class<?>[]::new));
            return again;
        });
    }

    private static Class<?> found(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSameHashes(int[] hashes, Object[] copy, String where) {
        for (int index = 0; index < hashes.length; index++) {
            if (hashes[index] != 0) {
                assertThat(System.identityHashCode(copy[index]))
                        .as("%s object %s", where, index)
                        .isEqualTo(hashes[index]);
            }
        }
    }
}
