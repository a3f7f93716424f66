package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Cursor;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExternalObjectsTest {
    private static final ThreadLocal<Object> OF_OTHER_JDK = new ThreadLocal<>();

    @Test
    void everyNameLeadsToItsObject() throws Exception {
        ExternalObjects externals = ExternalObjects.ofThisJvm();
        externals.refresh(Jdk.loadedClasses());

        assertThat(externals.count()).isGreaterThan(500);
        for (int index = 0; index < externals.count(); index++) {
            assertThat(externals.resolve(externals.name(index)))
                    .as(externals.name(index))
                    .isSameAs(externals.get(index));
        }
    }

    @Test
    void emptyCollectionsAreNamedByTheClassThatMakesThem() {
        ExternalObjects externals = ExternalObjects.ofThisJvm();
        // Of JDK 20 and later, which keeps the empty set under a name of its own.
        forNameIfThere("java.lang.reflect.AccessFlag$Location");
        externals.refresh(Jdk.loadedClasses());

        assertThat(firstName(externals, Set.of())).isEqualTo("java.util.ImmutableCollections#EMPTY_SET");
        assertThat(firstName(externals, List.of())).isEqualTo("java.util.ImmutableCollections#EMPTY_LIST");
        assertThat(firstName(externals, Map.of())).isEqualTo("java.util.ImmutableCollections#EMPTY_MAP");
    }

    private static void forNameIfThere(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException absent) {
            assertThat(Runtime.version().feature()).isLessThan(20);
        }
    }

    private static String firstName(ExternalObjects externals, Object object) {
        for (int index = 0; index < externals.count(); index++) {
            if (externals.get(index) == object) {
                return externals.name(index);
            }
        }
        return "none";
    }

    @Test
    void registeredObjectsOfOneJvmAreThoseOfTheOther() throws Exception {
        Object mine = new Object();
        ExternalObjects before = ExternalObjects.ofThisJvm();
        before.register("mine", mine);
        Object yours = new Object();
        ExternalObjects after = ExternalObjects.ofThisJvm();
        after.register("mine", yours);
        byte[] image = write(List.of(mine, "x"), before);

        RestoredHeap heap = HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(after, ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN);

        assertThat(((List<?>) heap.root()).get(0)).isSameAs(yours);
    }

    @Test
    void unknownNameIsReportedWithTheWayToIt() throws Exception {
        Object mine = new Object();
        ExternalObjects before = ExternalObjects.ofThisJvm();
        before.register("mine", mine);
        List<Object> list = new ArrayList<>(List.of("x", mine));
        byte[] image = write(list, before);

        assertThatThrownBy(() -> HeapReader.open(new ByteArrayInputStream(image), image.length)
                        .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("cannot find mine in JDK")
                .hasMessageContaining("reached by java.util.ArrayList.elementData \u2192 java.lang.Object[1]");
    }

    @Test
    void emptyArrayThatIsNoSingletonHereIsMadeAnew() throws Exception {
        byte[] empty = {};
        ExternalObjects before = ExternalObjects.ofThisJvm();
        before.register("java.io.BufferedInputStream#NONE", empty);
        byte[] image = write(new Object[] {empty}, before);

        RestoredHeap heap = HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN);

        assertThat(((Object[]) heap.root())[0]).isEqualTo(new byte[0]);
    }

    @Test
    void threadLocalThatThisJdkDoesNotHaveIsOneThatNobodyAsksFor() throws Exception {
        ExternalObjects before = ExternalObjects.ofThisJvm();
        before.register("java.util.jar.JarFile#ofOtherJdk", OF_OTHER_JDK);
        byte[] image = write(new Object[] {OF_OTHER_JDK}, before);

        RestoredHeap heap = HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN);

        assertThat(((Object[]) heap.root())[0]).isInstanceOf(ThreadLocal.class).isNotSameAs(OF_OTHER_JDK);
    }

    @Test
    void elementsMadeOnDemandAreOrdinaryObjects() throws Exception {
        Cursor hand = Cursor.getPredefinedCursor(Cursor.HAND_CURSOR);
        ExternalObjects before = ExternalObjects.ofThisJvm();
        before.refresh(new Class<?>[] {Cursor.class});

        byte[] image = write(new Object[] {hand}, before);

        for (int index = 0; index < before.count(); index++) {
            assertThat(before.get(index)).as(before.name(index)).isNotSameAs(hand);
        }
        RestoredHeap heap = HeapReader.open(new ByteArrayInputStream(image), image.length)
                .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN);
        assertThat(((Object[]) heap.root())[0])
                .isInstanceOfSatisfying(
                        Cursor.class, cursor -> assertThat(cursor.getType()).isEqualTo(Cursor.HAND_CURSOR));
    }

    @Test
    void tablesThatBeginEmptyHaveNoNamesWhenTheyAreFull() {
        for (int type = 0; type <= Cursor.MOVE_CURSOR; type++) {
            assertThat(Cursor.getPredefinedCursor(type)).isNotNull();
        }
        ExternalObjects externals = ExternalObjects.ofThisJvm();
        int others = externals.count();

        externals.refresh(new Class<?>[] {Cursor.class});

        for (int index = others; index < externals.count(); index++) {
            assertThat(externals.get(index)).as(externals.name(index)).isNotInstanceOf(Cursor.class);
        }
    }

    @Test
    void refusesOneNameForTwoObjects() {
        ExternalObjects externals = ExternalObjects.ofThisJvm();
        externals.register("mine", "one");

        assertThatThrownBy(() -> externals.register("mine", "two"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'mine'");
    }

    private static byte[] write(Object root, ExternalObjects externals) throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        HeapWriter.write(
                new HeapRoots(root, List.of()),
                new ClassPathClasses(),
                externals,
                ObjectCodecs.NONE,
                PathNames.PLAIN,
                out);
        return out.toByteArray();
    }
}
