package dev.ingot.core.heap;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A codec and a resolver for tests. */
final class MoneyCodecs {
    static final ObjectCodecs ALL = new ObjectCodecs(List.of(new CurrencyResolver()), List.of(new MoneyCodec()));

    private MoneyCodecs() {}

    static final class MoneyCodec implements ObjectCodec<Money> {
        @Override
        public boolean accepts(Class<?> type) {
            return type == Money.class;
        }

        @Override
        public Object[] capture(Money money) throws NotCapturableException {
            if (money.cents() < 0) {
                throw new NotCapturableException("cannot capture debts of " + money.cents() + "; pay them first");
            }
            return new Object[] {money.cents(), new Currency("EUR")};
        }

        @Override
        public void restore(Money money, Object[] state) throws NotRestorableException {
            if (!((Currency) state[1]).code().equals("EUR")) {
                throw new NotRestorableException("cannot restore money that is not in EUR");
            }
            money.set((Long) state[0]);
        }
    }

    static final class CurrencyResolver implements ObjectResolver<Currency> {
        static final Map<String, Currency> KNOWN = new ConcurrentHashMap<>();

        @Override
        public boolean accepts(Class<?> type) {
            return type == Currency.class;
        }

        @Override
        public Object[] describe(Currency currency) {
            return new Object[] {currency.code(), String.class, new int[] {1, 2}, new Object[] {2.5, null, 'x'}};
        }

        @Override
        public Currency resolve(Class<?> type, Object[] description) throws NotRestorableException {
            if (description.length != 4 || !(description[0] instanceof String code) || code.length() != 3) {
                throw new NotRestorableException("cannot resolve a currency of this description");
            }
            return KNOWN.computeIfAbsent(code, Currency::new);
        }
    }
}
