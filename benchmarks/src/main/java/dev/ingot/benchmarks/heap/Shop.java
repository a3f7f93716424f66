package dev.ingot.benchmarks.heap;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What an application holds: customers with orders in collections of all kinds, indexes over them, cycles, locks, counters. */
@SuppressWarnings({"UnusedVariable", "JdkObsolete"}) // There to be written.
final class Shop {
    private static final int CUSTOMERS = 115_000;
    private static final int ORDERS = 5;
    private static final int LINES = 2;
    private static final int OBJECTS_OF_CUSTOMER = 50;
    private static final int PRODUCTS = 20_000;

    private final Map<Long, Customer> byNumber = new HashMap<>();
    private final Map<String, Customer> byName = new ConcurrentHashMap<>();
    private final Map<LocalDate, List<Order>> byDay = new TreeMap<>();
    private final Map<Customer, String> marked = new IdentityHashMap<>();
    private final Map<String, Product> products = new LinkedHashMap<>();
    private final Queue<Order> open = new LinkedBlockingQueue<>();
    private final AtomicLong revenue = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    enum Status {
        NEW,
        PAID,
        SENT
    }

    record Product(String code, String title, BigInteger cents) {}

    record Line(Product product, int amount, double rebate) {}

    static final class Order {
        final Customer customer;
        final long number;
        final LocalDate day;
        final List<Line> lines = new ArrayList<>(LINES);
        Status status;

        @Nullable String remark;

        Order(Customer customer, long number, LocalDate day, Status status) {
            this.customer = customer;
            this.number = number;
            this.day = day;
            this.status = status;
        }
    }

    static final class Customer {
        final long number;
        final String name;
        final List<Order> orders = new LinkedList<>();
        final Deque<String> visits = new ArrayDeque<>(2);
        final AtomicLong points = new AtomicLong();

        @Nullable Customer friend;

        Customer(long number, String name) {
            this.number = number;
            this.name = name;
        }
    }

    static Object ofSize(double scale) {
        Shop shop = new Shop();
        for (int number = 0; number < PRODUCTS * scale; number++) {
            String code = "P" + number;
            shop.products.put(code, new Product(code, "product number " + number, BigInteger.valueOf(number * 99L)));
        }
        List<Product> products = new ArrayList<>(shop.products.values());
        Customer last = null;
        for (int number = 0; number < CUSTOMERS * scale; number++) {
            last = shop.add(number, last, products);
        }
        return shop;
    }

    /** Changes that share of all objects, here and there: orders, counters of customers and remarks. */
    void change(double share, Random random) {
        List<Customer> customers = new ArrayList<>(byNumber.values());
        for (long left = (long) (share * OBJECTS_OF_CUSTOMER * customers.size()); left > 0; left -= 3) {
            Customer customer = customers.get(random.nextInt(customers.size()));
            customer.points.incrementAndGet();
            Order order = customer.orders.get(random.nextInt(ORDERS));
            order.status = Status.values()[random.nextInt(3)];
            order.remark = "remark " + random.nextInt();
        }
    }

    private Customer add(int number, @Nullable Customer friend, List<Product> products) {
        Customer customer = new Customer(number, "customer " + number);
        customer.friend = friend;
        customer.visits.add("visit " + number);
        customer.points.set(number);
        byNumber.put(customer.number, customer);
        byName.put(customer.name, customer);
        if (number % 64 == 0) {
            marked.put(customer, "marked " + number);
        }
        for (int order = 0; order < ORDERS; order++) {
            add(customer, number * ORDERS + order, products);
        }
        return customer;
    }

    private void add(Customer customer, int number, List<Product> products) {
        LocalDate day = LocalDate.ofEpochDay(15_000 + number % 5_000);
        Order order = new Order(customer, number, day, Status.values()[number % 3]);
        for (int line = 0; line < LINES; line++) {
            Product product = products.get((number * 31 + line * 17) % products.size());
            order.lines.add(new Line(product, line + 1, number % 10 / 10.0));
        }
        order.remark = number % 2 == 0 ? "remark on " + number : null;
        customer.orders.add(order);
        byDay.computeIfAbsent(day, absent -> new ArrayList<>()).add(order);
        if (order.status == Status.NEW) {
            open.add(order);
        }
        revenue.addAndGet(number);
    }
}
