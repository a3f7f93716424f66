package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.junit.jupiter.api.Test;

final class InvokeRoundTripTest {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    @Test
    void findsTypesAndLookups() throws Exception {
        MethodType type = MethodType.methodType(String.class, int.class, List.class);

        assertThat(RoundTrip.resolved(type)).isSameAs(type);
        assertThat(RoundTrip.resolved(LOOKUP)).hasToString(LOOKUP.toString());
        assertThat(RoundTrip.resolved(LOOKUP.in(String.class)))
                .hasToString(LOOKUP.in(String.class).toString());
    }

    @Test
    void findsHandlesToEveryKindOfMember() throws Throwable {
        Cell cell = new Cell(5);
        MethodHandle constructor = LOOKUP.findConstructor(Cell.class, MethodType.methodType(void.class, int.class));
        MethodHandle getter = LOOKUP.findGetter(Cell.class, "count", int.class);
        MethodHandle setter = LOOKUP.findSetter(Cell.class, "count", int.class);
        MethodHandle staticGetter = LOOKUP.findStaticGetter(Cell.class, "total", long.class);
        MethodHandle add = LOOKUP.findVirtual(Cell.class, "add", MethodType.methodType(int.class, int.class));
        MethodHandle size = LOOKUP.findVirtual(List.class, "size", MethodType.methodType(int.class));
        MethodHandle twice = LOOKUP.findStatic(Cell.class, "twice", MethodType.methodType(int.class, int.class));
        MethodHandle special = MethodHandles.privateLookupIn(Cell.class, LOOKUP)
                .findSpecial(Cell.class, "add", MethodType.methodType(int.class, int.class), Cell.class);

        assertThat(((Cell) RoundTrip.resolved(constructor).invoke(3)).count).isEqualTo(3);
        RoundTrip.resolved(setter).invoke(cell, 8);
        assertThat(RoundTrip.resolved(getter).invoke(cell)).isEqualTo(8);
        assertThat(RoundTrip.resolved(staticGetter).invoke()).isEqualTo(Cell.total);
        assertThat(RoundTrip.resolved(add).invoke(cell, 2)).isEqualTo(10);
        assertThat(RoundTrip.resolved(special).invoke(cell, 2)).isEqualTo(12);
        assertThat(RoundTrip.resolved(size).invoke(List.of(1, 2))).isEqualTo(2);
        assertThat(RoundTrip.resolved(twice).invoke(4)).isEqualTo(8);
    }

    @Test
    void findsVariableHandles() throws Exception {
        Cell cell = new Cell(5);
        VarHandle count = LOOKUP.findVarHandle(Cell.class, "count", int.class);
        VarHandle name = LOOKUP.findVarHandle(Cell.class, "name", String.class);
        VarHandle total = LOOKUP.findStaticVarHandle(Cell.class, "total", long.class);
        VarHandle elements = MethodHandles.arrayElementVarHandle(String[].class);

        assertThat(RoundTrip.resolved(count).compareAndSet(cell, 5, 6)).isTrue();
        RoundTrip.resolved(name).set(cell, "set");
        assertThat(cell.name).isEqualTo("set");
        assertThat((long) RoundTrip.resolved(total).getAndAdd(1L)).isEqualTo(Cell.total - 1);
        String[] array = {"a"};
        RoundTrip.resolved(elements).setVolatile(array, 0, "b");
        assertThat(array).containsExactly("b");
        assertThat(RoundTrip.resolved(count.withInvokeExactBehavior()).hasInvokeExactBehavior())
                .isTrue();
    }

    @Test
    void findsVariableHandlesToFieldsOfASuperclass() throws Exception {
        Padded padded = new Padded();
        VarHandle value = LOOKUP.findVarHandle(Padded.class, "value", int.class);
        VarHandle total = LOOKUP.findStaticVarHandle(Padded.class, "total", long.class);

        assertThat(RoundTrip.resolved(value).compareAndSet(padded, 0, 6)).isTrue();
        assertThat(padded.value).isEqualTo(6);
        assertThat((long) RoundTrip.resolved(total).getAndAdd(1L)).isEqualTo(Value.total - 1);
    }

    @Test
    void findsHandlesToStaticsOfClassesNotYetInitialised() throws Exception {
        VarHandle handle = LOOKUP.findStaticVarHandle(Late.class, "value", int.class);

        assertThat((int) RoundTrip.resolved(handle).get()).isEqualTo(7);
    }

    @Test
    void findsViewsOfBytesInTheirOrder() throws Exception {
        VarHandle ofArray = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
        VarHandle ofBuffer = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = new byte[8];

        RoundTrip.resolved(ofArray).set(bytes, 0, 1);
        RoundTrip.resolved(ofBuffer)
                .set(
                        ByteBuffer.wrap(bytes),
                        0,
                        (long) RoundTrip.resolved(ofBuffer).get(ByteBuffer.wrap(bytes), 0) + 2);

        assertThat(bytes).containsExactly(2, 0, 0, 1, 0, 0, 0, 0);
    }

    @Test
    void findsFieldUpdaters() throws Exception {
        Cell cell = new Cell(5);

        RoundTrip.resolved(AtomicIntegerFieldUpdater.newUpdater(Cell.class, "count"))
                .incrementAndGet(cell);
        RoundTrip.resolved(AtomicLongFieldUpdater.newUpdater(Cell.class, "sum")).addAndGet(cell, 3);
        RoundTrip.resolved(AtomicReferenceFieldUpdater.newUpdater(Cell.class, String.class, "name"))
                .set(cell, "updated");

        assertThat(cell.count).isEqualTo(6);
        assertThat(cell.sum).isEqualTo(3);
        assertThat(cell.name).isEqualTo("updated");
    }

    @Test
    void keepsCallSites() throws Throwable {
        MutableCallSite site = new MutableCallSite(MethodHandles.constant(int.class, 4));

        MutableCallSite restored = RoundTrip.restored(site);

        assertThat(restored.dynamicInvoker().invoke()).isEqualTo(4);
        restored.setTarget(MethodHandles.constant(int.class, 5));
        assertThat(restored.dynamicInvoker().invoke()).isEqualTo(5);
    }

    /** As libraries keep a field apart from others in memory. */
    private static class Value {
        static volatile long total = 2;
        volatile int value;
    }

    private static final class Padded extends Value {}

    @SuppressWarnings({"NonAtomicVolatileUpdate", "UnusedMethod", "UnusedVariable"
    }) // one thread; members are found by name
    private static final class Cell {
        private static volatile long total = 9;
        private volatile int count;
        private volatile long sum;
        private volatile String name = "";

        private Cell(int count) {
            this.count = count;
        }

        private int add(int more) {
            count += more;
            return count;
        }

        private static int twice(int value) {
            return 2 * value;
        }
    }

    @SuppressWarnings("UnusedVariable") // found by name
    private static final class Late {
        private static int value = Integer.parseInt("7");
    }
}
