package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CodecTest {
    private final HeapCopy heap = new HeapCopy().withCodecs(MoneyCodecs.ALL);

    @Test
    void carriesStateByCodecAndKeepsIdentity() throws Exception {
        Money money = new Money(250);

        Object[] copy = heap.roundTrip(new Object[] {money, List.of(money)});

        assertThat(((Money) copy[0]).cents()).isEqualTo(250);
        assertThat(copy[0]).isNotSameAs(money).isSameAs(((List<?>) copy[1]).get(0));
    }

    @Test
    void looksUpResolvedObjects() throws Exception {
        Currency euro = MoneyCodecs.CurrencyResolver.KNOWN.computeIfAbsent("EUR", Currency::new);

        Object[] copy = heap.roundTrip(new Object[] {euro, new Currency("EUR")});

        assertThat(copy[0]).isSameAs(euro);
        assertThat(copy[1]).isSameAs(euro);
    }

    @Test
    void copiesFieldsOfSubclassesAroundTheStateOfACodec() throws Exception {
        Account account = new Account();
        account.balance = 7;
        account.owner = List.of("someone", account);
        ObjectCodecs codecs = new ObjectCodecs(List.of(), List.of(new BaseCodec()));

        Account copy = new HeapCopy().withCodecs(codecs).roundTrip(account);

        assertThat(copy.balance).isEqualTo(70);
        assertThat(copy.owner).isNotNull().element(1).isSameAs(copy);
    }

    @Test
    void restoresByOrderOfCodecs() throws Exception {
        List<String> log = new ArrayList<>();
        ObjectCodecs codecs = new ObjectCodecs(
                List.of(), List.of(new Logged<>(Late.class, 5, log), new Logged<>(Early.class, -5, log)));

        new HeapCopy().withCodecs(codecs).roundTrip(new Object[] {new Late(), new Early(), new Late()});

        assertThat(log).containsExactly("Early", "Late", "Late");
    }

    @Test
    void saysHowAnObjectThatCannotBeCapturedIsReached() {
        Map<String, Object> accounts = new TreeMap<>();
        accounts.put("debtor", new Object[] {null, new Holder(new Money(-5))});

        assertThatThrownBy(() -> heap.write(new ArrayList<>(List.of("first", accounts))))
                .isInstanceOf(NotCapturableException.class)
                .hasMessageStartingWith("cannot capture debts of -5; pay them first")
                .hasMessageContaining(
                        "java.util.ArrayList.elementData \u2192 java.lang.Object[1] \u2192 java.util.TreeMap.root")
                .hasMessageEndingWith("java.lang.Object[1] \u2192 dev.ingot.core.heap.CodecTest$Holder.money");
    }

    @Test
    void refusesThreadsWithoutCodecByPath() {
        Holder holder = new Holder(new Money(1));
        holder.worker = new Thread(() -> {});

        assertThatThrownBy(() -> new HeapCopy().write(holder))
                .isInstanceOf(NotCapturableException.class)
                .hasMessageContaining("cannot capture a java.lang.Thread")
                .hasMessageEndingWith("CodecTest$Holder.worker");
    }

    @Test
    void saysHowAnObjectThatCannotBeRestoredIsReached() throws Exception {
        byte[] image = heap.write(List.of("x", new Holder(new Money(3))));

        assertThatThrownBy(() -> new HeapCopy().read(image))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("no codec for dev.ingot.core.heap.Money");
    }

    @SuppressWarnings("UnusedVariable") // The walk reads the fields.
    private static final class Holder {
        final Money money;

        @Nullable Thread worker;

        Holder(Money money) {
            this.money = money;
        }
    }

    private static class Base {
        int balance;
    }

    private static final class Account extends Base {
        @Nullable List<Object> owner;
    }

    private static final class BaseCodec implements ObjectCodec<Base> {
        @Override
        public boolean accepts(Class<?> type) {
            return Base.class.isAssignableFrom(type);
        }

        @Override
        public Object[] capture(Base base) {
            return new Object[] {base.balance * 10};
        }

        @Override
        public void restore(Base base, Object[] state) {
            base.balance = (Integer) state[0];
        }

        @Override
        public Class<?> stateOf() {
            return Base.class;
        }
    }

    private static final class Early {}

    private static final class Late {}

    private record Logged<T>(Class<T> type, int order, List<String> log) implements ObjectCodec<T> {
        @Override
        public boolean accepts(Class<?> other) {
            return type == other;
        }

        @Override
        public Object[] capture(T object) {
            return new Object[0];
        }

        @Override
        public void restore(T object, Object[] state) {
            log.add(type.getSimpleName());
        }
    }
}
