package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams that no writer makes: what they name leads to nothing that was not announced at their head. */
class HostileHeapTest {
    private static final String PREFIX = HostileHeapTest.class.getName() + '$';

    private final List<String> named = new ArrayList<>();
    private final Lane shapes = new Lane(HeapStream.SHAPES, 64);
    private final Lane data = new Lane(HeapStream.DATA, 64);
    private int classes;
    private int objects;

    /** Whose initialisers ran. */
    private static final List<String> RAN = new CopyOnWriteArrayList<>();

    static final class UnnamedObject {
        static {
            RAN.add("UnnamedObject");
        }
    }

    static final class UnnamedStatics {
        static {
            RAN.add("UnnamedStatics");
        }
    }

    static class UnnamedBase {
        static {
            RAN.add("UnnamedBase");
        }
    }

    static final class OfUnnamedBase extends UnnamedBase {}

    private static class Base {
        static @Nullable Object base;
    }

    private static final class Derived extends Base {
        static @Nullable Object own;
    }

    @Test
    void noObjectInitialisesAClassThatTheHeadDoesNotName() throws IOException {
        int type = aClass("UnnamedObject");
        object(plan(PlanKind.OBJECT, type));

        assertRefused("UnnamedObject");
    }

    @Test
    void noStaticFieldsInitialiseAClassThatTheHeadDoesNotName() throws IOException {
        int type = aClass("UnnamedStatics");
        object(plan(PlanKind.STATICS, type));

        assertRefused("UnnamedStatics");
    }

    @Test
    void noSubclassLeadsToAClassThatTheHeadDoesNotName() throws IOException {
        named.add(PREFIX + "OfUnnamedBase");
        int type = aClass("OfUnnamedBase");
        object(plan(PlanKind.OBJECT, type));

        assertRefused("UnnamedBase");
    }

    @Test
    void staticFieldsOfTheJdkAreNotSet() {
        int type = ofLoader(0, "java.util.Optional");
        object(plan(PlanKind.STATICS, type));

        assertThatExceptionOfType(NotRestorableException.class)
                .isThrownBy(this::read)
                .withMessageContaining("java.util.Optional");
    }

    /** The place of a static field is one in its own class; in a subclass something else lies there. */
    @Test
    void staticFieldsOfASuperclassAreNotSetInItsSubclass() throws Exception {
        Base.base = null;
        Derived.own = null;
        named.add(PREFIX + "Base");
        named.add(PREFIX + "Derived");
        int base = aClass("Base");
        int derived = ofLoader(1, PREFIX + "Derived");
        shapes.number(HeapStream.LITERAL);
        shapes.fixed(1);
        shapes.text("overwritten");
        int text = ++objects;
        shapes.number(HeapStream.PLAN);
        shapes.octet(PlanKind.STATICS.code());
        shapes.number(derived);
        shapes.octet(0);
        shapes.number(1);
        shapes.number(base);
        shapes.text("base");
        shapes.text("Ljava/lang/Object;");
        object(0);
        data.fixed(text);

        RestoredHeap heap = read();

        assertThat(heap.warnings()).singleElement().asString().contains("has lost its field 'base'");
        assertThat(Derived.own).isNull();
        assertThat(Base.base).isNull();
    }

    /** Each name holds that of its component, so a megabyte of records would make a hundred gigabytes of names. */
    @Test
    void noArrayHasMoreDimensionsThanTheJvmAllows() {
        int component = ofLoader(0, "java.lang.Object");
        for (int dimension = 0; dimension < 300; dimension++) {
            shapes.number(HeapStream.CLASS);
            shapes.fixed(0);
            shapes.octet(HeapStream.ARRAY_CLASS);
            shapes.number(component);
            component = classes++;
        }

        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(this::read)
                .withMessageContaining("dimensions");
    }

    private void assertRefused(String simpleName) throws IOException {
        assertThatExceptionOfType(NotRestorableException.class)
                .isThrownBy(this::read)
                .withMessageContaining("does not name " + PREFIX + simpleName);
        assertThat(RAN).isEmpty();
    }

    /** A class beside this one; the first of them comes with its loader. */
    private int aClass(String simpleName) {
        shapes.number(HeapStream.EXTERNAL);
        shapes.fixed(1);
        shapes.text("loader:app");
        shapes.number(0);
        return ofLoader(++objects, PREFIX + simpleName);
    }

    private int ofLoader(int loader, String name) {
        shapes.number(HeapStream.CLASS);
        shapes.fixed(0);
        shapes.octet(HeapStream.NAMED_CLASS);
        shapes.number(loader);
        shapes.text(name);
        return classes++;
    }

    /** The first plan. */
    private int plan(PlanKind kind, int type) {
        shapes.number(HeapStream.PLAN);
        shapes.octet(kind.code());
        shapes.number(type);
        shapes.octet(0);
        shapes.number(0);
        return 0;
    }

    private void object(int plan) {
        shapes.number(HeapStream.FIRST_PLAN + 2 * plan);
        data.signed(++objects);
    }

    private RestoredHeap read() throws IOException, NotRestorableException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Lane head = new Lane(HeapStream.HEADER, 64);
        head.fixed(HeapStream.MAGIC);
        head.number(HeapStream.VERSION);
        head.number(Runtime.version().feature());
        head.number(1);
        head.number(named.size());
        for (String name : named) {
            head.text("app");
            head.text(name);
        }
        head.number(0);
        head.flush(out);
        Lane begin = new Lane(HeapStream.BEGIN, 16);
        begin.number(0);
        begin.number(0);
        begin.flush(out);
        shapes.flush(out);
        data.flush(out);
        Lane end = new Lane(HeapStream.END, 16);
        end.number(objects);
        end.number(objects);
        end.number(0);
        end.flush(out);
        return HeapReader.open(new ByteArrayInputStream(out.toByteArray()), 1 << 20)
                .read(ExternalObjects.ofThisJvm(), ObjectCodecs.NONE, RestoreListener.NONE, PathNames.PLAIN);
    }
}
