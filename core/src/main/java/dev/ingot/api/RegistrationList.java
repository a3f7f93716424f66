package dev.ingot.api;

import java.util.ArrayList;
import java.util.List;

/** What is registered at present, in the order of registration. The same thing may be in it twice. Thread-safe. */
final class RegistrationList<T> {
    private List<Item> items = new ArrayList<>();

    private final class Item implements Registration {
        private final T value;

        Item(T value) {
            this.value = value;
        }

        @Override
        public void close() {
            remove(this);
        }
    }

    synchronized Registration add(T value) {
        var item = new Item(value);
        items.add(item);
        return item;
    }

    private synchronized void remove(Item closed) {
        var kept = new ArrayList<Item>();
        for (Item item : items) {
            if (item != closed) {
                kept.add(item);
            }
        }
        items = kept;
    }

    /** A copy, which later registrations do not change. */
    synchronized List<T> values() {
        var values = new ArrayList<T>();
        for (Item item : items) {
            values.add(item.value);
        }
        return values;
    }
}
